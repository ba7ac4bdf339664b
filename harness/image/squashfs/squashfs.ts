import { closeSync, openSync, readSync } from 'node:fs'
import { ContentReader, type StoredBlock, storedBlock } from './content.ts'
import { SquashfsDamage } from './damage.ts'
import { MetadataReader } from './metadata.ts'
import { parseSuperblock, type Superblock, superblockBytes } from './superblock.ts'
import { readTree, type Tree } from './tree.ts'
import { readXattrs, type Xattrs } from './xattrs.ts'

/** An open squashfs whose metadata is in memory; contents are read on request. */
export interface Squashfs {
  superblock: Superblock
  tree: Tree
  /** User and group ids that inodes refer to by index. */
  ids: readonly number[]
  fragments: readonly StoredBlock[]
  xattrs: Xattrs
  content: ContentReader
  close(): void
}

/** Opens a squashfs 4.0 and reads all its metadata; throws SquashfsDamage, or the file system's own error. */
export function openSquashfs(path: string): Squashfs {
  const file = openSync(path, 'r')
  try {
    return readSquashfs(file)
  } catch (error) {
    closeSync(file)
    throw error
  }
}

function readSquashfs(file: number): Squashfs {
  const head = Buffer.alloc(superblockBytes)
  const headBytes = readSync(file, head, 0, superblockBytes, 0)
  const superblock = parseSuperblock(head.subarray(0, headBytes))
  const metadata = new MetadataReader(file, superblock)
  const ids = readIds(metadata, superblock)
  const fragments = readFragments(metadata, superblock)
  const inodes = metadata.table(superblock.inodeTable, superblock.directoryTable, 'the inode table')
  const directoryEnd = directoryTableEnd(file, superblock)
  const directories = metadata.table(superblock.directoryTable, directoryEnd, 'the directory table')
  return {
    superblock,
    tree: readTree(superblock, inodes, directories),
    ids,
    fragments,
    xattrs: readXattrs(metadata, superblock),
    content: new ContentReader(file, superblock, fragments),
    close: () => closeSync(file),
  }
}

function readIds(metadata: MetadataReader, superblock: Superblock): number[] {
  const bytes = metadata.indexed(superblock.idTable, superblock.idCount, 4, 'the id table')
  return Array.from({ length: superblock.idCount }, (_, index) => bytes.readUInt32LE(index * 4))
}

const fragmentEntryBytes = 16

function readFragments(metadata: MetadataReader, superblock: Superblock): StoredBlock[] {
  const { fragmentCount, fragmentTable } = superblock
  if (fragmentCount === 0) return []
  if (fragmentTable === undefined) throw new SquashfsDamage('the fragment table is missing')
  const bytes = metadata.indexed(fragmentTable, fragmentCount, fragmentEntryBytes, 'the fragment table')
  return Array.from({ length: fragmentCount }, (_, index) => {
    const entry = index * fragmentEntryBytes
    return storedBlock(Number(bytes.readBigUInt64LE(entry)), bytes.readUInt32LE(entry + 8))
  })
}

/** The directory table ends where the next table's first block starts; that block is the first in the table's list. */
function directoryTableEnd(file: number, superblock: Superblock): number {
  const { fragmentCount, fragmentTable, exportTable, idTable, xattrTable } = superblock
  const lists = [fragmentCount > 0 ? fragmentTable : undefined, exportTable, idTable]
  const starts = lists.filter((list) => list !== undefined).map((list) => readAddress(file, list))
  const ends = [...starts, fragmentTable, exportTable, idTable, xattrTable, superblock.bytesUsed]
  return Math.min(...(ends.filter((end) => end !== undefined && end >= superblock.directoryTable) as number[]))
}

function readAddress(file: number, position: number): number {
  const bytes = Buffer.alloc(8)
  readSync(file, bytes, 0, 8, position)
  return Number(bytes.readBigUInt64LE(0))
}
