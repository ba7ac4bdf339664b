import type { Inode } from '../../../harness/image/squashfs/inode.ts'
import { type Entry, pathOf } from '../../../harness/image/squashfs/tree.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import type { Profile } from '../../../harness/profile/profile.ts'
import { type Examination, finding, type StaticCheck, skipped } from '../check.ts'

const mebibyte = 1024 * 1024
const readableSize = (sizeBytes: number): string =>
  sizeBytes >= mebibyte ? `${(sizeBytes / mebibyte).toFixed(1)} MiB` : `${Math.ceil(sizeBytes / 1024)} KiB`

/** Regular files, a hard link counted once. */
function distinctFiles({ files }: InspectedImage): Entry[] {
  const seen = new Set<Inode>()
  return files.entries.filter((entry) => {
    if (entry.inode.kind !== 'file' || seen.has(entry.inode)) return false
    seen.add(entry.inode)
    return true
  })
}

const sumBytes = (entries: readonly Entry[]): number => entries.reduce((sum, entry) => sum + entry.inode.sizeBytes, 0)

function examineBudget(image: InspectedImage, { sizes }: Profile): Examination {
  const measured = [
    { what: 'The image', sizeBytes: image.squashfs.superblock.bytesUsed, limitBytes: sizes.imageBytes },
    { what: 'Its content', sizeBytes: sumBytes(distinctFiles(image)), limitBytes: sizes.unpackedBytes },
  ]
  const findings = measured
    .filter(({ sizeBytes, limitBytes }) => sizeBytes > limitBytes)
    .map(({ what, sizeBytes, limitBytes }) => ({
      message: `${what} has ${readableSize(sizeBytes)}; the profile allows ${readableSize(limitBytes)}.`,
      path: '/',
    }))
  return { examinedCount: measured.length, findings }
}

/** Kinds of files that a container host never opens. */
const wasteKinds: readonly { what: string; matches: (path: string) => boolean }[] = [
  { what: 'static archives', matches: (path) => /\/lib[^/]*\.(a|la)$/.test(path) },
  {
    what: 'debug files',
    matches: (path) => path.includes('/.debug/') || path.startsWith('/usr/lib/debug/') || path.startsWith('/usr/src/'),
  },
  { what: 'documentation', matches: (path) => /^\/usr\/(local\/)?share\/(doc|man|info|gtk-doc|help)\//.test(path) },
  { what: 'locales', matches: (path) => /^\/usr\/(share\/locale|share\/i18n|lib\/locale)\//.test(path) },
  {
    what: 'headers and build files',
    matches: (path) => /^\/usr\/(include|share\/(aclocal|cmake|pkgconfig)|lib\/pkgconfig)\//.test(path),
  },
]
const namedOffenders = 3

interface Waste {
  what: string
  entries: Entry[]
  sizeBytes: number
}

/** Files whose content is stored once but unpacked several times, by where their data lies in the image. */
function duplicateWaste(entries: readonly Entry[]): Waste {
  const byContent = Map.groupBy(
    entries.filter(({ inode }) => inode.sizeBytes > 0),
    contentPlace,
  )
  const copies = [...byContent.values()].flatMap((same) => same.slice(1))
  return { what: 'copies of other files', entries: copies, sizeBytes: sumBytes(copies) }
}

const contentPlace = ({ inode: { data, sizeBytes } }: Entry): string => {
  const blocks = data !== undefined && data.blockSizes.length > 0 ? data.start : ''
  return `${blocks} ${data?.fragment?.index ?? ''} ${data?.fragment?.offset ?? ''} ${sizeBytes}`
}

function examineWaste(image: InspectedImage, { sizes }: Profile): Examination {
  const entries = distinctFiles(image)
  if (entries.length === 0) return skipped('The image has no files.')
  const byKind = wasteKinds.map(({ what, matches }): Waste => {
    const matching = entries.filter((entry) => matches(pathOf(entry)))
    return { what, entries: matching, sizeBytes: sumBytes(matching) }
  })
  const wastes = [...byKind, duplicateWaste(entries)]
    .filter(({ sizeBytes }) => sizeBytes > 0)
    .sort((a, b) => b.sizeBytes - a.sizeBytes)
  const totalBytes = wastes.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  return { examinedCount: entries.length, findings: totalBytes > sizes.wastedBytes ? wastes.map(wasteFinding) : [] }
}

function wasteFinding({ what, entries, sizeBytes }: Waste) {
  const worst = [...entries].sort((a, b) => b.inode.sizeBytes - a.inode.sizeBytes).slice(0, namedOffenders)
  const names = worst.map((entry) => `${pathOf(entry)} (${readableSize(entry.inode.sizeBytes)})`).join(', ')
  return finding(worst[0] as Entry, `${readableSize(sizeBytes)} are ${what}, above all ${names}.`)
}

export const sizeChecks: readonly StaticCheck[] = [
  {
    id: 'SIZ-001',
    title: 'The image keeps its size budget',
    severity: 'error',
    why: 'The recipe allows 512 MiB unpacked, and every boot reads the image over an emulated disk.',
    source: 'vpdmn-rootfs-image.bb, IMAGE_ROOTFS_SIZE = 524288 KiB',
    remedy: 'Remove what SIZ-002 names, or raise the limit in the profile (sizes).',
    examine: examineBudget,
  },
  {
    id: 'SIZ-002',
    title: 'Little of the image is of no use to a container host',
    severity: 'warning',
    why: 'Documentation, locales, archives and copies make every download and every copy of the image longer.',
    source: 'The profile (sizes.wastedBytes)',
    remedy: 'Leave the packages or folders out (IMAGE_FEATURES without doc-pkgs and dev-pkgs, IMAGE_LINGUAS = "").',
    examine: examineWaste,
  },
]
