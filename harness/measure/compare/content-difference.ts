import { createHash } from 'node:crypto'
import type { Inode } from '../../image/squashfs/inode.ts'
import type { Squashfs } from '../../image/squashfs/squashfs.ts'
import { type Entry, pathOf } from '../../image/squashfs/tree.ts'
import type { InspectedImage } from '../../inspect/inspect-image.ts'

/** One path at which two images differ. */
export interface FileDifference {
  path: string
  change: 'added' | 'removed' | 'changed'
  /** Bytes of B less those of A. */
  sizeBytes: number
}

export interface PackageDifference {
  name: string
  /** Missing where the image does not have it. */
  a?: string
  b?: string
}

export interface ContentDifference {
  files: FileDifference[]
  packages: PackageDifference[]
}

/** What one image has that the other has not. */
export function contentDifference(a: InspectedImage, b: InspectedImage): ContentDifference {
  return { files: fileDifferences(a.squashfs, b.squashfs), packages: packageDifferences(a, b) }
}

/** Paths at which two images differ. Times are not compared: they change nothing that runs. */
export function fileDifferences(a: Squashfs, b: Squashfs): FileDifference[] {
  const [before, after] = [byPath(a), byPath(b)]
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort()
  return paths.flatMap((path): FileDifference[] => {
    const [old, fresh] = [before.get(path), after.get(path)]
    if (!old || !fresh) return [{ path, change: fresh ? 'added' : 'removed', sizeBytes: bytesOf(fresh) - bytesOf(old) }]
    if (isSame(old, a, fresh, b)) return []
    return [{ path, change: 'changed', sizeBytes: bytesOf(fresh) - bytesOf(old) }]
  })
}

const byPath = ({ tree }: Squashfs): Map<string, Entry> => new Map(tree.entries.map((entry) => [pathOf(entry), entry]))

/** A folder's size is that of its listing, whose entries are compared by themselves. */
const bytesOf = (entry: Entry | undefined): number => (entry?.inode.kind === 'file' ? entry.inode.sizeBytes : 0)

function isSame(old: Entry, a: Squashfs, fresh: Entry, b: Squashfs): boolean {
  const [one, other] = [old.inode, fresh.inode]
  if (one.kind !== other.kind || one.permissions !== other.permissions) return false
  if (a.ids[one.userIndex] !== b.ids[other.userIndex] || a.ids[one.groupIndex] !== b.ids[other.groupIndex]) return false
  if (one.device !== other.device || attributesOf(one, a) !== attributesOf(other, b)) return false
  if (one.kind === 'symlink') return one.target?.equals(other.target ?? Buffer.alloc(0)) === true
  if (one.kind !== 'file') return true
  return one.sizeBytes === other.sizeBytes && contentHash(a, old).equals(contentHash(b, fresh))
}

/** Names of extended attributes, such as a capability; their values are not read. */
const attributesOf = ({ xattrIndex }: Inode, { xattrs }: Squashfs): string =>
  xattrIndex === undefined ? '' : xattrs.names(xattrIndex).toSorted().join()

/** Read in parts, so that a file of any size takes little memory. */
const partBytes = 4 * 1024 * 1024

function contentHash({ content }: Squashfs, { inode }: Entry): Buffer {
  const hash = createHash('sha256')
  for (let offset = 0; offset < inode.sizeBytes; offset += partBytes)
    hash.update(content.read(inode, offset, partBytes))
  return hash.digest()
}

type Packaged = Pick<InspectedImage, 'packageDatabase'>

/** Packages that only one image has, or in another version; none where the images have no database. */
export function packageDifferences(a: Packaged, b: Packaged): PackageDifference[] {
  const versions = ({ packageDatabase }: Packaged) =>
    new Map((packageDatabase?.packages ?? []).map(({ name, version }) => [name, version]))
  const [before, after] = [versions(a), versions(b)]
  const names = [...new Set([...before.keys(), ...after.keys()])].sort()
  return names.flatMap((name) => {
    const [old, fresh] = [before.get(name), after.get(name)]
    if (old === fresh) return []
    return [{ name, ...(old !== undefined && { a: old }), ...(fresh !== undefined && { b: fresh }) }]
  })
}
