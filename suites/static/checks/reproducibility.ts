import type { Inode } from '../../../harness/image/squashfs/inode.ts'
import { type Entry, pathOf } from '../../../harness/image/squashfs/tree.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import { type Examination, examineEach, finding, joinExaminations, type StaticCheck, skipped } from '../check.ts'

/**
 * SOURCE_DATE_EPOCH is the latest time a reproducible build may put into its output, and mksquashfs takes it as its own
 * time (reproducible-builds.org, SOURCE_DATE_EPOCH specification; mksquashfs(1), -mkfs-time).
 */
function examineTimes({ squashfs, files }: InspectedImage): Examination {
  const { mkfsTimeS } = squashfs.superblock
  const later = files.entries.filter(({ inode }) => inode.modifiedS > mkfsTimeS)
  const [first] = later
  if (first === undefined) return { examinedCount: files.entries.length, findings: [] }
  const date = (timeS: number) => new Date(timeS * 1000).toISOString().replace('.000', '')
  const others = later.length > 1 ? ` (and ${later.length - 1} more)` : ''
  const message = `It is dated ${date(first.inode.modifiedS)}${others}, after the image itself, ${date(mkfsTimeS)}.`
  return { examinedCount: files.entries.length, findings: [finding(first, message)] }
}

/** Work folders of builders, as they end up in scripts and configuration: Yocto's tmp/work, and homes. */
const workFolder = /\/tmp(?:-[\w-]{1,64})?\/(?:work|work-shared|sysroots-components)\/[\w.+/-]*/
/** What precedes the work folder in its path; a builder's is some folders below the root. */
const folderBefore = /(?:\/[\w.+-]+)+$/
const maxFolderLength = 1024
const textFolders = ['/etc/', '/usr/lib/pkgconfig/', '/usr/share/pkgconfig/']
const maxTextBytes = 256 * 1024

/** Scripts and configuration: compiled programs may hold such a path as debug information, which is never opened. */
const mayNameBuildPath = (entry: Entry): boolean =>
  entry.inode.kind === 'file' &&
  entry.inode.sizeBytes > 0 &&
  entry.inode.sizeBytes <= maxTextBytes &&
  textFolders.some((folder) => pathOf(entry).startsWith(folder))

/** In two steps: one expression for all of it would take the square of the text's length to fail. */
function buildPathIn(text: string): string | undefined {
  const found = workFolder.exec(text)
  if (found === null) return undefined
  const [folder] = folderBefore.exec(text.slice(Math.max(0, found.index - maxFolderLength), found.index)) ?? []
  return folder && folder + found[0]
}

function examineBuildPaths({ files, scripts }: InspectedImage): Examination {
  const entries = new Set([...scripts.map(({ entry }) => entry), ...files.entries.filter(mayNameBuildPath)])
  const seen = new Set<Inode>()
  return examineEach(entries, 'The image has no scripts or configuration.', (entry) => {
    if (seen.has(entry.inode)) return undefined
    seen.add(entry.inode)
    const text = files.read(entry, 0, maxTextBytes).toString('latin1')
    const path = buildPathIn(text)
    return path === undefined ? undefined : finding(entry, `It names the build folder ${path}.`)
  })
}

const examineOrigin = (image: InspectedImage): Examination =>
  image.files.entries.length === 0
    ? skipped('The image is empty.')
    : joinExaminations(examineTimes(image), examineBuildPaths(image))

export const reproducibilityChecks: readonly StaticCheck[] = [
  {
    id: 'REP-001',
    title: 'Nothing in the image tells when and where it was built',
    severity: 'warning',
    why: 'Time stamps and paths of one build make two builds of the same input differ, so no one can verify an image by building it again.',
    source: 'reproducible-builds.org, SOURCE_DATE_EPOCH; Yocto insane.bbclass, buildpaths',
    remedy: 'Set SOURCE_DATE_EPOCH for mksquashfs (-mkfs-time, -all-time) and keep build paths out of installed files.',
    examine: examineOrigin,
  },
]
