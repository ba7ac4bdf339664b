import { type Entry, pathOf } from '../../../harness/image/squashfs/tree.ts'
import { engineVariable } from '../../../harness/inspect/engine-variable.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import type { Finding } from '../../../harness/model/result.ts'
import type { Profile } from '../../../harness/profile/profile.ts'
import { type Examination, examined, examineEach, finding, type StaticCheck } from '../check.ts'

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
  const variable = engineVariable(image, 'TMPDIR')
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
    title: 'The squashfs uses a compression that Linux mounts',
    severity: 'blocker',
    why: 'A kernel that cannot decompress the image stops before init, with nothing but an ERROR line.',
    source: 'Linux, Documentation/filesystems/squashfs.rst and fs/squashfs/Kconfig',
    remedy: 'Build the image with zstd, xz, gzip, lz4 or lzo (IMAGE_FSTYPES = "squashfs", EXTRA_IMAGECMD -comp).',
    examine: examineCompression,
  },
  {
    id: 'FS-002',
    title: 'All data of the image decodes',
    severity: 'blocker',
    why: 'A damaged block gives an I/O error whenever its file is read, which may be only during some pull.',
    source: 'Linux, Documentation/filesystems/squashfs.rst, section 3',
    remedy: 'Build or copy the image again and compare its checksum.',
    examine: examineData,
  },
  {
    id: 'FS-003',
    title: 'The listing agrees with the superblock',
    severity: 'error',
    why: 'Names that the kernel refuses and inodes that nothing names are signs of damage or tampering.',
    source: 'Linux, fs/squashfs/squashfs_fs.h',
    remedy: 'Build the image anew with mksquashfs.',
    examine: examineListing,
  },
  {
    id: 'FS-006',
    title: 'The mount points and folders of the boot contract exist',
    severity: 'blocker',
    why: 'The initramfs moves /proc, /sys and /dev there, and init mounts its disks and storage there.',
    source: 'vpdmn-rootfs-image.bb, install_vpdmn_init; boot flow of the initramfs',
    remedy: 'Create the folder in the image (install -d in a rootfs post-process command).',
    examine: examineFolders,
  },
  {
    id: 'FS-007',
    title: 'The folder for image copies exists',
    severity: 'error',
    why: 'Podman writes every layer it pulls to /var/tmp first; without that folder each pull fails.',
    source: 'containers/image, internal/tmpdir; containers.conf(5), image_copy_tmp_dir',
    remedy: 'Create /var/tmp with mode 1777, or let init make it before the first command.',
    examine: examineTemporaryFolder,
  },
  {
    id: 'FS-008',
    title: '/usr is merged wholly or not at all',
    severity: 'warning',
    why: 'With some folders merged and others not, a path that works for one program is missing for another.',
    source: 'file-hierarchy(7); Yocto, DISTRO_FEATURES usrmerge',
    remedy: 'Make /bin, /sbin, /lib and /lib64 all links into /usr, or none of them.',
    examine: examineMergedUsr,
  },
  {
    id: 'FS-010',
    title: '/etc/hosts maps localhost',
    severity: 'error',
    why: 'Podman asks DNS for localhost otherwise; without an outside network each layer of a pull waits 31 s for the answer (measured).',
    source: 'hosts(5); measured with podman 4.3 and 5.4 on a network without DNS',
    remedy: 'Ship /etc/hosts with the line "127.0.0.1 localhost".',
    examine: examineHosts,
  },
]
