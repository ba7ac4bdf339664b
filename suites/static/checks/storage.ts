import { readableValue } from '../../../harness/inspect/configuration/print.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import type { Finding } from '../../../harness/model/result.ts'
import type { Profile } from '../../../harness/profile/profile.ts'
import { type Examination, examined, examineEach, finding, type StaticCheck, skipped } from '../check.ts'

const mainPath = '/etc/containers/storage.conf'
/** What podman takes where the file says nothing (containers/storage types/options.go and options_linux.go). */
const builtIn: Record<string, string> = {
  'storage.graphroot': '/var/lib/containers/storage',
  'storage.runroot': '/run/containers/storage',
}

interface Setting {
  value: unknown
  origin: string
}

const setting = ({ configuration }: InspectedImage, key: string): Setting | undefined =>
  configuration.storage.values.get(key)

const textSetting = (image: InspectedImage, key: string): string => {
  const value = setting(image, key)?.value
  return typeof value === 'string' && value !== '' ? value : (builtIn[key] ?? '')
}

/** The value that the profile fixes for a key of [storage]; undefined where it fixes none. */
function expected(profile: Profile, name: string): unknown {
  const table = profile.configuration.storage.storage
  return typeof table === 'object' && table !== null ? (table as Record<string, unknown>)[name] : undefined
}

function mismatch(image: InspectedImage, profile: Profile, name: string): Finding[] {
  const key = `storage.${name}`
  const wanted = expected(profile, name)
  const seen = textSetting(image, key)
  if (wanted === undefined || seen === wanted) return []
  const message = `${name} is ${seen === '' ? 'not set' : readableValue(seen)}; expected ${readableValue(wanted)}.`
  return [finding(originPath(image, key), message)]
}

/** A variable has no file of its own: the finding then points to init. */
function originPath(image: InspectedImage, key: string): string {
  const origin = setting(image, key)?.origin ?? mainPath
  return origin.startsWith('/') ? origin : (image.init.scripts[0]?.path ?? mainPath)
}

const examineDriver = (image: InspectedImage, profile: Profile): Examination =>
  examined(...mismatch(image, profile, 'driver'))

/** Options that storage passes on to whichever driver is in use; vfs knows none of them (drivers/vfs/driver.go, Init). */
const passedOn = [
  'mountopt',
  'mount_program',
  'size',
  'skip_mount_home',
  'force_mask',
  'inodes',
  'additionallayerstores',
]

function examineOptions(image: InspectedImage): Examination {
  if (textSetting(image, 'storage.driver') !== 'vfs') return skipped('The driver is not vfs.')
  const variable = image.init.environment.get('STORAGE_OPTS')
  const variableFindings = (variable?.value ?? '')
    .split(',')
    .filter((option) => option !== '' && !/^(vfs)?\.?(imagestore|ignore_chown_errors)=/.test(option))
    .map((option) => finding(variable?.path ?? mainPath, `STORAGE_OPTS gives the option ${option}, which vfs rejects.`))
  const examination = examineEach(passedOn, 'Nothing.', (name) => {
    const found = setting(image, `storage.options.${name}`)
    if (found === undefined || found.value === '' || (Array.isArray(found.value) && found.value.length === 0))
      return undefined
    return finding(found.origin, `[storage.options] sets ${name} = ${readableValue(found.value)}, which vfs rejects.`)
  })
  return { ...examination, findings: [...examination.findings, ...variableFindings] }
}

function examineGraphRoot(image: InspectedImage, profile: Profile): Examination {
  const graphRoot = textSetting(image, 'storage.graphroot')
  const findings = mismatch(image, profile, 'graphroot')
  if (findings.length === 0 && image.init.scripts.length > 0 && !image.init.mentions(graphRoot))
    findings.push(finding(originPath(image, 'storage.graphroot'), `Init mounts nothing at graphroot ${graphRoot}.`))
  return examined(...findings)
}

/** Where the initramfs and init mount a tmpfs. */
const temporaryFolders = ['/run', '/tmp', '/var/run', '/dev/shm', '/var/volatile']

function examineRunRoot(image: InspectedImage, profile: Profile): Examination {
  const runRoot = textSetting(image, 'storage.runroot')
  const findings = mismatch(image, profile, 'runroot')
  const isTemporary = temporaryFolders.some((folder) => runRoot === folder || runRoot.startsWith(`${folder}/`))
  if (!isTemporary)
    findings.push(
      finding(
        originPath(image, 'storage.runroot'),
        `runroot ${runRoot} is under none of ${temporaryFolders.join(', ')}.`,
      ),
    )
  return examined(...findings)
}

function examinePaths(image: InspectedImage): Examination {
  const [graphRoot, runRoot] = [textSetting(image, 'storage.graphroot'), textSetting(image, 'storage.runroot')]
  const imageStore = setting(image, 'storage.imagestore')
  const findings: Finding[] = []
  for (const [name, path] of [
    ['graphroot', graphRoot],
    ['runroot', runRoot],
  ] as const)
    if (!path.startsWith('/') && !path.startsWith('$'))
      findings.push(finding(originPath(image, `storage.${name}`), `${name} ${path} is not an absolute path.`))
  if (graphRoot === runRoot)
    findings.push(finding(originPath(image, 'storage.runroot'), 'runroot and graphroot are the same folder.'))
  if (imageStore?.value && imageStore.value === graphRoot)
    findings.push(finding(imageStore.origin, `imagestore and graphroot are both ${graphRoot}.`))
  return examined(...findings)
}

const manual = 'containers-storage.conf(5); containers/storage types/options.go'

export const storageChecks: readonly StaticCheck[] = [
  {
    id: 'STO-001',
    title: 'The storage driver is the one of the profile',
    severity: 'error',
    why: 'The storage tar is unpacked on build hosts under a fake root, where the special files of overlay fail; only vfs comes through.',
    source: 'vpdmn-rootfs-image.bb, storage.conf',
    remedy: 'Set driver = "vfs" under [storage] in /etc/containers/storage.conf.',
    examine: examineDriver,
  },
  {
    id: 'STO-002',
    title: 'No storage option is set that the vfs driver rejects',
    severity: 'blocker',
    why: 'Storage passes these options to every driver, and vfs answers an unknown one with an error: no podman command works.',
    source: 'containers/storage drivers/vfs/driver.go, Init',
    remedy: 'Move the option under [storage.options.overlay], or remove it.',
    examine: examineOptions,
  },
  {
    id: 'STO-003',
    title: 'The graph root is where init mounts storage',
    severity: 'error',
    why: 'Images would be stored in the overlay of the root file system, and lost, instead of on the state disk.',
    source: 'vpdmn-rootfs-image.bb, storage.conf; contract, "Disks, shares and network"',
    remedy: 'Set graphroot = "/var/lib/containers/storage" and mount the storage there in init.',
    examine: examineGraphRoot,
  },
  {
    id: 'STO-004',
    title: 'The run root is on a tmpfs',
    severity: 'error',
    why: 'State of running containers that survives a reboot makes podman believe they still run.',
    source: `vpdmn-rootfs-image.bb, storage.conf; ${manual}`,
    remedy: 'Set runroot = "/run/containers/storage".',
    examine: examineRunRoot,
  },
  {
    id: 'STO-005',
    title: 'Storage folders are absolute and distinct',
    severity: 'error',
    why: 'Podman refuses an image store that is the graph root, and mixes up its state when both roots are one folder.',
    source: manual,
    remedy: 'Give each of graphroot, runroot and imagestore an absolute path of its own.',
    examine: examinePaths,
  },
]
