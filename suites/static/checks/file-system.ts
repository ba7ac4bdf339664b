import { printableName } from '../../../harness/image/squashfs/file-name.ts'
import { type Entry, pathOf } from '../../../harness/image/squashfs/tree.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import { linkTarget } from '../../../harness/inspect/path-resolution.ts'
import { maxScriptLineBytes } from '../../../harness/inspect/programs/programs.ts'
import { matchesPath } from '../../../harness/profile/path-pattern.ts'
import type { Profile } from '../../../harness/profile/profile.ts'
import type { Finding } from '../../../harness/report/schema.ts'
import { type Examination, examined, examineEach, finding, type StaticCheck } from '../check.ts'

const isUnder = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`)
const linksOf = (image: InspectedImage): Entry[] =>
  image.files.entries.filter((entry) => entry.inode.kind === 'symlink')

/** Compressions that Debian's and Yocto's kernels build into squashfs; `lzma` was never merged into Linux. */
const mountable = ['gzip', 'lzo', 'xz', 'lz4', 'zstd']

function examineCompression({ squashfs }: InspectedImage): Examination {
  const { compression } = squashfs.superblock
  if (mountable.includes(compression)) return examined()
  return examined({ message: `The image is compressed with ${compression}; Linux mounts ${mountable.join(', ')}.` })
}

const examineData = async ({ decoded }: InspectedImage): Promise<Examination> => examined(...(await decoded).damage)

function examineListing({ squashfs }: InspectedImage): Examination {
  const { superblock, tree } = squashfs
  const findings: Finding[] = tree.oddities.map(({ message, path }) => ({ message, path }))
  const inodeCount = new Set(tree.entries.map((entry) => entry.inode.number)).size
  if (inodeCount !== superblock.inodeCount)
    findings.push({
      message: `The superblock counts ${superblock.inodeCount} inodes, the folders lead to ${inodeCount}.`,
    })
  const beyond = tree.entries.filter(({ inode }) => Math.max(inode.userIndex, inode.groupIndex) >= squashfs.ids.length)
  const strangers = beyond.map((entry) => finding(entry, 'Its owner or group is not in the id table.'))
  return { examinedCount: tree.entries.length, findings: findings.concat(strangers) }
}

/** The first part of a path that only exists at run time, such as /run. */
const runtimeFolder = (path: string, profile: Profile): string | undefined =>
  profile.links.runtimeTargets.find((folder) => isUnder(path, folder))

const isExpectedToDangle = (link: Entry, missingPath: string, profile: Profile): boolean =>
  runtimeFolder(missingPath, profile) !== undefined ||
  profile.links.unresolved.some((pattern) => matchesPath(pattern, pathOf(link)))

const examineLinkTargets = (image: InspectedImage, profile: Profile): Examination =>
  examineEach(linksOf(image), 'The image has no symbolic links.', (link) => {
    const { problem, path } = image.files.resolve(pathOf(link))
    if (problem === undefined || problem === 'loop' || isExpectedToDangle(link, path, profile)) return undefined
    if (isBuildHostPath(linkTarget(link))) return undefined
    const reason =
      problem === 'missing' ? `${printableName(path)} does not exist` : `${printableName(path)} is no folder`
    return finding(link, `The link leads to ${printableName(linkTarget(link))}, but ${reason}.`)
  })

/** Folders in which builders work; an image that points there was linked against the build machine. */
const buildHostPath =
  /^\/(home\/[^/]+\/|build\/|builddir\/|buildroot\/|workspace\/|yocto\/|.*\/tmp(-[\w-]+)?\/(work|sysroots|deploy)\/)/
const isBuildHostPath = (path: string): boolean => buildHostPath.test(path)

const examineLinkLoops = (image: InspectedImage): Examination =>
  examineEach(linksOf(image), 'The image has no symbolic links.', (link) => {
    if (image.files.resolve(pathOf(link)).problem === 'loop') return finding(link, 'The link leads back to itself.')
    const target = linkTarget(link)
    const isDangling = image.files.find(pathOf(link)) === undefined
    return isDangling && isBuildHostPath(target)
      ? finding(link, `The link leads to the build machine: ${target}.`)
      : undefined
  })

const examineFolders = ({ files }: InspectedImage, profile: Profile): Examination =>
  examineEach(profile.folders.required, 'The profile requires no folders.', (path) => {
    const resolution = files.resolve(path)
    if (resolution.entry?.inode.kind === 'folder') return undefined
    // A link such as /run -> /var/volatile/run resolves once init has mounted there.
    return finding(path, resolution.entry ? `${path} is a ${resolution.entry.inode.kind}.` : `${path} does not exist.`)
  })

/** Temporary files of pulls go there unless TMPDIR or image_copy_tmp_dir say otherwise. */
function examineTemporaryFolder(image: InspectedImage): Examination {
  const path = copyFolder(image)
  const { files } = image
  const resolution = files.resolve(path)
  if (resolution.entry) {
    if (resolution.entry.inode.kind !== 'folder') return examined(finding(path, `${path} is not a folder.`))
    return examined()
  }
  if (image.init.creates(path) || image.init.creates(resolution.path)) return examined()
  return examined(finding(path, `${path} does not exist, and init does not make it.`))
}

/** Where podman puts what it pulls before it is in the store. */
export function copyFolder(image: InspectedImage): string {
  const variable = image.init.environment.get('TMPDIR')?.value
  const configured = image.configuration.containers.values.get('engine.image_copy_tmp_dir')?.value
  if (variable) return variable
  if (configured === 'storage') return '/var/lib/containers'
  return typeof configured === 'string' && configured.startsWith('/') ? configured : '/var/tmp'
}

/** Folders that a merged /usr replaces by links (https://systemd.io/THE_CASE_FOR_THE_USR_MERGE, file-hierarchy(7)). */
const mergedFolders = ['bin', 'sbin', 'lib', 'lib64']

function examineMergedUsr({ files }: InspectedImage): Examination {
  const present = mergedFolders.flatMap((name) => {
    const entry = files.resolve(`/${name}`, { followLast: false }).entry
    return entry ? [{ name, entry }] : []
  })
  const links = present.filter(({ entry }) => entry.inode.kind === 'symlink')
  const folders = present.filter(({ entry }) => entry.inode.kind === 'folder')
  const isMixed = links.length > 0 && folders.some(({ entry }) => (entry.children?.size ?? 0) > 0)
  const findings = isMixed
    ? folders.map(({ entry }) =>
        finding(
          entry,
          mixedMessage(
            entry,
            links.map(({ name }) => name),
          ),
        ),
      )
    : []
  const astray = links.filter(({ name }) => files.resolve(`/${name}`).path !== files.resolve(`/usr/${name}`).path)
  findings.push(...astray.map(({ name, entry }) => finding(entry, `/${name} does not lead to /usr/${name}.`)))
  return { examinedCount: 1, findings }
}

const mixedMessage = (entry: Entry, links: readonly string[]): string =>
  `${pathOf(entry)} is a folder while ${links.map((name) => `/${name}`).join(', ')} ${links.length === 1 ? 'is a link' : 'are links'}.`

const examineInterpreters = (image: InspectedImage): Examination =>
  examineEach(image.scripts, 'The image has no scripts.', ({ entry, firstLine }) => {
    if (Buffer.byteLength(firstLine) > maxScriptLineBytes)
      return finding(entry, `The #! line is longer than ${maxScriptLineBytes} bytes.`)
    const [interpreter = ''] = firstLine.slice(2).trim().split(/\s+/)
    if (interpreter === '') return finding(entry, 'The #! line names no interpreter.')
    if (image.files.isExecutable(interpreter)) return undefined
    const reason = image.files.find(interpreter) ? 'is not executable' : 'does not exist'
    return finding(entry, `Its interpreter ${printableName(interpreter)} ${reason}.`)
  })

function examineHosts({ files, init }: InspectedImage): Examination {
  const text = files.text('/etc/hosts')
  if (text === undefined && init.mentions('/etc/hosts')) return examined()
  if (text === undefined) return examined(finding('/etc/hosts', '/etc/hosts does not exist.'))
  const lines = text.split('\n').map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
  const isMapped = lines.some(([address, ...names]) => address === '127.0.0.1' && names.includes('localhost'))
  return isMapped ? examined() : examined(finding('/etc/hosts', '/etc/hosts does not map 127.0.0.1 to localhost.'))
}

export const fileSystemChecks: readonly StaticCheck[] = [
  {
    id: 'FS-001',
    suite: 'static',
    title: 'The squashfs uses a compression that Linux mounts',
    severity: 'blocker',
    why: 'A kernel that cannot decompress the image stops before init, with nothing but an ERROR line.',
    source: 'Linux, Documentation/filesystems/squashfs.rst and fs/squashfs/Kconfig',
    remedy: 'Build the image with zstd, xz, gzip, lz4 or lzo (IMAGE_FSTYPES = "squashfs", EXTRA_IMAGECMD -comp).',
    examine: examineCompression,
  },
  {
    id: 'FS-002',
    suite: 'static',
    title: 'All data of the image decodes',
    severity: 'blocker',
    why: 'A damaged block gives an I/O error whenever its file is read, which may be only during some pull.',
    source: 'Linux, Documentation/filesystems/squashfs.rst, section 3',
    remedy: 'Build or copy the image again and compare its checksum.',
    examine: examineData,
  },
  {
    id: 'FS-003',
    suite: 'static',
    title: 'The listing agrees with the superblock',
    severity: 'error',
    why: 'Names that the kernel refuses and inodes that nothing names are signs of damage or tampering.',
    source: 'Linux, fs/squashfs/squashfs_fs.h',
    remedy: 'Build the image anew with mksquashfs.',
    examine: examineListing,
  },
  {
    id: 'FS-004',
    suite: 'static',
    title: 'Every symbolic link leads to something in the image',
    severity: 'error',
    why: 'A link to nothing is a program, library or file that cannot be opened when it is needed.',
    source: 'symlink(7); path_resolution(7)',
    remedy: 'Install what the link leads to, remove the link, or list it in the profile (links.unresolved).',
    examine: examineLinkTargets,
  },
  {
    id: 'FS-005',
    suite: 'static',
    title: 'No symbolic link loops or leads to the build machine',
    severity: 'error',
    why: 'Opening a loop fails with ELOOP; a path of the build machine exists nowhere else.',
    source: 'path_resolution(7); Yocto insane.bbclass, symlink-to-sysroot',
    remedy: 'Make the link relative, or give it its final target.',
    examine: examineLinkLoops,
  },
  {
    id: 'FS-006',
    suite: 'static',
    title: 'The mount points and folders of the boot contract exist',
    severity: 'blocker',
    why: 'The initramfs moves /proc, /sys and /dev there, and init mounts its disks and storage there.',
    source: 'vpdmn-rootfs-image.bb, install_vpdmn_init; boot flow of the initramfs',
    remedy: 'Create the folder in the image (install -d in a rootfs post-process command).',
    examine: examineFolders,
  },
  {
    id: 'FS-007',
    suite: 'static',
    title: 'The folder for image copies exists',
    severity: 'error',
    why: 'Podman writes every layer it pulls to /var/tmp first; without that folder each pull fails.',
    source: 'containers/image, internal/tmpdir; containers.conf(5), image_copy_tmp_dir',
    remedy: 'Create /var/tmp with mode 1777, or let init make it before the first command.',
    examine: examineTemporaryFolder,
  },
  {
    id: 'FS-008',
    suite: 'static',
    title: '/usr is merged wholly or not at all',
    severity: 'warning',
    why: 'With some folders merged and others not, a path that works for one program is missing for another.',
    source: 'file-hierarchy(7); Yocto, DISTRO_FEATURES usrmerge',
    remedy: 'Make /bin, /sbin, /lib and /lib64 all links into /usr, or none of them.',
    examine: examineMergedUsr,
  },
  {
    id: 'FS-009',
    suite: 'static',
    title: 'The interpreter of every script exists and is executable',
    severity: 'error',
    why: 'Running the script fails with "not found", which reads as if the script itself were missing.',
    source: 'execve(2), "Interpreter scripts"; Linux, include/uapi/linux/binfmts.h',
    remedy: 'Install the interpreter, correct the #! line, or remove the script.',
    examine: examineInterpreters,
  },
  {
    id: 'FS-010',
    suite: 'static',
    title: '/etc/hosts maps localhost',
    severity: 'error',
    why: 'Podman asks DNS for localhost otherwise; without an outside network each layer of a pull waits 31 s for the answer (measured).',
    source: 'hosts(5); measured with podman 4.3 and 5.4 on a network without DNS',
    remedy: 'Ship /etc/hosts with the line "127.0.0.1 localhost".',
    examine: examineHosts,
  },
]
