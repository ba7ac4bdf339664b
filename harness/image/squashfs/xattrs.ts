import { SquashfsDamage } from './damage.ts'
import type { MetadataReader, MetadataTable } from './metadata.ts'
import { inodeReference, type Superblock } from './superblock.ts'

const prefixes: Record<number, string> = { 0: 'user.', 1: 'trusted.', 2: 'security.' }
const outOfLine = 0x100
const idEntryBytes = 16
/** Linux allows an inode 64 KiB of names (XATTR_LIST_MAX, limits.h); each takes at least two bytes. */
const maxAttributes = 32_768

/** Names of an inode's extended attributes (such as `security.capability`), by the index in the inode. */
export interface Xattrs {
  names(index: number): string[]
}

const noXattrs: Xattrs = { names: () => [] }

/** Reads the table of extended attributes (squashfs_fs.h: squashfs_xattr_id_table, _id, _entry). */
export function readXattrs(metadata: MetadataReader, superblock: Superblock): Xattrs {
  if (superblock.xattrTable === undefined) return noXattrs
  const head = metadata.raw(superblock.xattrTable, 16, 'the xattr table')
  const tableStart = Number(head.readBigUInt64LE(0))
  const count = head.readUInt32LE(8)
  if (count === 0) return noXattrs
  const listStart = superblock.xattrTable + 16
  const ids = metadata.indexed(listStart, count, idEntryBytes, 'the xattr table')
  const tableEnd = Number(metadata.raw(listStart, 8, 'the xattr table').readBigUInt64LE(0))
  const pairs = metadata.table(tableStart, tableEnd, 'the xattr table')
  return { names: (index) => (index < count ? readNames(pairs, ids.subarray(index * idEntryBytes)) : []) }
}

function readNames(pairs: MetadataTable, id: Buffer): string[] {
  const { blockStart, offset } = inodeReference(id.readBigUInt64LE(0))
  const block = pairs.offsetOf.get(blockStart)
  const count = id.readUInt32LE(8)
  if (block === undefined || count > maxAttributes) throw new SquashfsDamage('an inode has impossible xattrs')
  const bytes = pairs.bytes
  const names: string[] = []
  let position = block + offset
  for (let index = 0; index < count; index++) {
    if (position + 4 > bytes.length) throw new SquashfsDamage('the xattr table is cut off')
    const type = bytes.readUInt16LE(position)
    const nameEnd = position + 4 + bytes.readUInt16LE(position + 2)
    const prefix = prefixes[type & ~outOfLine]
    if (prefix === undefined || nameEnd + 4 > bytes.length) throw new SquashfsDamage('an xattr is broken')
    names.push(prefix + bytes.toString('latin1', position + 4, nameEnd))
    position = nameEnd + 4 + bytes.readUInt32LE(nameEnd)
  }
  return names
}
