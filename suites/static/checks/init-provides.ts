import { engines } from '../../../harness/contract/engines.ts'
import {
  hasOption,
  type InitMount,
  initMounts,
  inodeLimit,
  mountAbove,
  sizeLimit,
} from '../../../harness/inspect/init/init-mounts.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import type { EngineName } from '../../../harness/model/engine.ts'
import type { Finding } from '../../../harness/model/result.ts'
import type { Profile } from '../../../harness/profile/profile.ts'
import { type Examination, examined, examineEach, finding, type StaticCheck, skipped } from '../check.ts'
import { copyFolder } from './file-system.ts'

const noScripts = 'Init is not a script that can be read.'

type Examine = (image: InspectedImage, profile: Profile) => Examination

/** Looks where the ordinary init is a script with all that it sources; what is missing may have done it (INI-002). */
export const whereReadable =
  (examine: Examine): Examine =>
  (image, profile) => {
    const { scripts } = image.init
    const sources = scripts.flatMap((script) => script.sources)
    if (sources.some(({ path, mayBeMissing }) => !mayBeMissing && !image.files.findFile(path)))
      return skipped('A file that init sources is missing.')
    return scripts.some(({ path }) => path === profile.init.path) ? examine(image, profile) : skipped(noScripts)
  }

interface Need {
  folder: string
  /** What fails without it, to follow "no". */
  use: string
  /** True where an empty folder in /dev, which is a file system in memory, serves too. */
  folderServes?: boolean
  isNeeded(image: InspectedImage): boolean
}

const always = () => true

const needs: readonly Need[] = [
  {
    folder: '/dev/shm',
    use: 'podman keeps its locks there, and refuses every command without it',
    folderServes: true,
    // podman issue 5836: "failed to create 2048 locks in /libpod_lock: no such file or directory".
    isNeeded: ({ configuration }) => configuration.containers.values.get('engine.lock_type')?.value !== 'file',
  },
  { folder: '/dev/pts', use: 'containers with a terminal need it', isNeeded: always },
  { folder: '/sys/fs/cgroup', use: 'crun makes a group there for each container', isNeeded: always },
]

function isProvided(image: InspectedImage, mounts: readonly InitMount[], { folder, folderServes }: Need): boolean {
  if (mounts.some(({ target }) => target === folder)) return true
  if (mounts.some(({ target }) => target === undefined) && isListed(image, folder)) return true
  return folderServes === true && image.init.creates(folder)
}

/** A mount in a loop has a computed target; its folders stand in a list, which may be of any form. */
function isListed({ init }: InspectedImage, folder: string): boolean {
  const whole = new RegExp(`(^|[\\s"':])${folder}([\\s"';:]|$)`)
  const lines = init.scripts.flatMap(({ text }) => text.split('\n'))
  return lines.some(
    (line) => whole.test(line.replace(/(^|\s)#.*/, '')) && !/\b(mkdir|install|rmdir|umount|chmod)\b/.test(line),
  )
}

function examineMounts(image: InspectedImage, profile: Profile): Examination {
  const mounts = initMounts(image.init, image.files)
  const needed = needs.filter(({ isNeeded }) => isNeeded(image))
  const examination = examineEach(needed, noScripts, (need) =>
    isProvided(image, mounts, need)
      ? undefined
      : finding(profile.init.path, `Neither init nor /etc/fstab mounts ${need.folder}: ${need.use}.`),
  )
  return { ...examination, findings: [...examination.findings, ...groupFindings(image, mounts)] }
}

const groupFindings = ({ podman }: InspectedImage, mounts: readonly InitMount[]): Finding[] =>
  mounts
    .filter(({ target }) => target === '/sys/fs/cgroup')
    .flatMap((mount) => [
      // podman 6 has no cgroups v1 any more (podman, RELEASE_NOTES.md, 6.0).
      ...(mount.type === 'cgroup' && (podman?.era ?? 5) >= 6
        ? [finding(mount.path, '/sys/fs/cgroup is mounted as cgroup, and this podman knows cgroup2 only.')]
        : []),
      ...(hasOption(mount, 'ro')
        ? [finding(mount.path, '/sys/fs/cgroup is mounted read-only: crun cannot make a group for a container.')]
        : []),
    ])

/** Layers of common images have up to some hundred megabytes; python's largest has 190. */
const smallestBytes = 256 * 1024 * 1024
const mebibyte = 1024 * 1024
/** debian has 7,000 files, python 25,000; with vfs each layer has those of the layers below it too. */
const smallestInodes = 20_000

/** Where each engine keeps what it pulls. */
const storeOf: Record<EngineName, (image: InspectedImage) => string> = {
  podman: ({ configuration }) =>
    String(configuration.storage.values.get('storage.graphroot')?.value ?? engines.podman.store),
  docker: () => engines.docker.store,
}

/** What a pull and a container go through: a layer is written to the folder of copies before it is in the store. */
function pullFolders(image: InspectedImage, engine: EngineName): { folder: string; isRunFrom: boolean }[] {
  const { files } = image
  const real = (folder: string) => (files.resolve(folder).entry ? files.resolve(folder).path : folder)
  const store = real(storeOf[engine](image))
  const copies = real(copyFolder(image))
  return [{ folder: store, isRunFrom: true }, ...(copies === store ? [] : [{ folder: copies, isRunFrom: false }])]
}

function examineRoom(image: InspectedImage, { contract }: Profile): Examination {
  const mounts = initMounts(image.init, image.files)
  return examineEach(pullFolders(image, contract.engine), noScripts, ({ folder, isRunFrom }) => {
    const mount = mountAbove(mounts, folder)
    if (mount === undefined) return undefined
    const limit = sizeLimit(mount)
    return [
      ...(limit !== undefined && limit < smallestBytes ? [`is given ${Math.floor(limit / mebibyte)} MiB`] : []),
      ...(isRunFrom && (inodeLimit(mount) ?? smallestInodes) < smallestInodes
        ? [`is given ${inodeLimit(mount)} inodes, and images have some ten thousand files`]
        : []),
      // A store that is mounted anew read-only is one that the machine's end leaves in order.
      ...(hasOption(mount, 'ro') && !hasOption(mount, 'remount') ? ['is mounted read-only'] : []),
      // podman pull request 2137: "permission denied" of each program of each container.
      ...(isRunFrom && hasOption(mount, 'noexec') ? ['is mounted noexec'] : []),
    ].map((problem) => finding(mount.path, `${mount.target} ${problem}, and ${folder} lies in it.`))
  })
}

const loopbackName = /(^|[\s"'])lo([\s"';]|$)/m

function examineLoopback(image: InspectedImage, profile: Profile): Examination {
  const isNamed = image.init.scripts.some(({ text }) => loopbackName.test(text.replace(/(^|\s)#.*$/gm, '$1')))
  return isNamed ? examined() : examined(finding(profile.init.path, 'Init does not name the interface lo.'))
}

export const initProvidesChecks: readonly StaticCheck[] = [
  {
    id: 'INI-009',
    engine: 'podman',
    title: 'Init mounts what podman and crun need',
    severity: 'blocker',
    why: 'Without them podman refuses every command or container, in words that do not name what is missing.',
    source: 'podman issue 5836; containers.conf(5), lock_type; Linux, cgroup-v2.rst and devpts.rst',
    remedy: 'Mount tmpfs on /dev/shm, devpts on /dev/pts and cgroup2 on /sys/fs/cgroup before the first command.',
    examine: whereReadable(examineMounts),
  },
  {
    id: 'INI-010',
    title: 'The file systems that pulls go through have room for a layer, and programs run from the store',
    severity: 'error',
    why: 'A pull fails with "no space left on device" in a folder that nobody thinks of, or each container with "permission denied".',
    source: 'containers.conf(5), image_copy_tmp_dir; tmpfs(5), size; mount(8), noexec; podman pull request 2137',
    remedy:
      'Leave out size=, which makes it half of the memory, or give it 256 MiB at least; mount the store without ro and noexec.',
    examine: whereReadable(examineRoom),
  },
  {
    id: 'INI-011',
    title: 'Init brings up the loopback interface',
    severity: 'warning',
    why: 'Nothing in the guest reaches a registry or a published port of its own on localhost.',
    source: 'Linux, an interface is down until it is set up; ip-link(8)',
    remedy: 'Call ip link set lo up in init.',
    examine: whereReadable(examineLoopback),
  },
]
