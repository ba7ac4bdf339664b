import { SquashfsDamage } from './damage.ts'
import type { MetadataTable } from './metadata.ts'
import type { InodeReference } from './superblock.ts'

export type InodeKind = 'folder' | 'file' | 'symlink' | 'block-device' | 'character-device' | 'fifo' | 'socket'

/** One inode, decoded; the fields a kind lacks are zero or undefined, so that all inodes have one shape. */
export interface Inode {
  number: number
  kind: InodeKind
  /** Permission bits with setuid, setgid and sticky: the low 12 bits of a mode. */
  permissions: number
  /** Indices into the id table. */
  userIndex: number
  groupIndex: number
  modifiedS: number
  linkCount: number
  /** Bytes of a file; bytes of a folder's listing plus 3; bytes of a link's target. */
  sizeBytes: number
  xattrIndex: number | undefined
  /** A link's target as stored. */
  target: Buffer | undefined
  /** A folder's listing: block start in the directory table, and offset in the decoded block. */
  listing: InodeReference | undefined
  data: FileData | undefined
  /** A device's major and minor number, as stored (Linux, new_encode_dev). */
  device: number | undefined
}

/** Where a file's bytes lie. */
export interface FileData {
  /** File offset of the first block. */
  start: number
  /** Stored size of each block, bit 24 set where it is not compressed, 0 for a hole; a view into the inode table. */
  blockSizes: Buffer
  /** The tail's fragment and the offset in it; undefined where the last block holds the tail. */
  fragment: { index: number; offset: number } | undefined
}

const kinds: readonly InodeKind[] = ['folder', 'file', 'symlink', 'block-device', 'character-device', 'fifo', 'socket']
const none = 0xffff_ffff
/** Linux refuses a longer one (fs/squashfs/inode.c, PAGE_SIZE). */
const maxLinkTargetBytes = 4096
/** A pipe's: the head that all inodes share, and a link count. */
const smallestInodeBytes = 20

/** Decodes the inode at a reference; `blockSizeBytes` is the image's. */
export function readInode(table: MetadataTable, reference: InodeReference, blockSizeBytes: number): Inode {
  const blockOffset = table.offsetOf.get(reference.blockStart)
  if (blockOffset === undefined) throw new SquashfsDamage('an inode lies outside the inode table')
  const bytes = table.bytes.subarray(blockOffset + reference.offset)
  if (bytes.length < smallestInodeBytes) throw new SquashfsDamage('an inode is cut off')
  const type = bytes.readUInt16LE(0)
  const kind = kinds[(type - 1) % kinds.length]
  if (kind === undefined || type > 2 * kinds.length) throw new SquashfsDamage(`inode type ${type} is unknown`)
  const inode: Inode = {
    number: bytes.readUInt32LE(12),
    kind,
    permissions: bytes.readUInt16LE(2) & 0o7777,
    userIndex: bytes.readUInt16LE(4),
    groupIndex: bytes.readUInt16LE(6),
    modifiedS: bytes.readUInt32LE(8),
    linkCount: 1,
    sizeBytes: 0,
    xattrIndex: undefined,
    target: undefined,
    listing: undefined,
    data: undefined,
    device: undefined,
  }
  const isExtended = type > kinds.length
  readBody(inode, bytes, isExtended, blockSizeBytes)
  return inode
}

/** Fills in what a kind adds (squashfs_fs.h: the `squashfs_*_inode` structures, basic and extended). */
function readBody(inode: Inode, bytes: Buffer, isExtended: boolean, blockSizeBytes: number): void {
  if (inode.kind === 'folder') (isExtended ? readExtendedFolder : readFolder)(inode, bytes)
  else if (inode.kind === 'file') readFile(inode, bytes, isExtended, blockSizeBytes)
  else if (inode.kind === 'symlink') readLink(inode, bytes, isExtended)
  else readSpecial(inode, bytes, isExtended)
}

function readSpecial(inode: Inode, bytes: Buffer, isExtended: boolean): void {
  inode.linkCount = bytes.readUInt32LE(16)
  const isDevice = inode.kind === 'block-device' || inode.kind === 'character-device'
  if (isDevice) inode.device = readWord(bytes, 20)
  if (isExtended) inode.xattrIndex = optional(readWord(bytes, isDevice ? 24 : 20))
}

function readFolder(inode: Inode, bytes: Buffer): void {
  if (bytes.length < 32) throw new SquashfsDamage('a folder inode is cut off')
  inode.linkCount = bytes.readUInt32LE(20)
  inode.sizeBytes = bytes.readUInt16LE(24)
  inode.listing = { blockStart: bytes.readUInt32LE(16), offset: bytes.readUInt16LE(26) }
}

function readExtendedFolder(inode: Inode, bytes: Buffer): void {
  if (bytes.length < 40) throw new SquashfsDamage('a folder inode is cut off')
  inode.linkCount = bytes.readUInt32LE(16)
  inode.sizeBytes = bytes.readUInt32LE(20)
  inode.listing = { blockStart: bytes.readUInt32LE(24), offset: bytes.readUInt16LE(34) }
  inode.xattrIndex = optional(bytes.readUInt32LE(36))
}

function readLink(inode: Inode, bytes: Buffer, isExtended: boolean): void {
  inode.linkCount = bytes.readUInt32LE(16)
  const targetBytes = readWord(bytes, 20)
  if (targetBytes > maxLinkTargetBytes || 24 + targetBytes > bytes.length)
    throw new SquashfsDamage(`a symbolic link has a target of ${targetBytes} bytes`)
  inode.sizeBytes = targetBytes
  inode.target = bytes.subarray(24, 24 + targetBytes)
  if (isExtended) inode.xattrIndex = optional(readWord(bytes, 24 + targetBytes))
}

function readFile(inode: Inode, bytes: Buffer, isExtended: boolean, blockSizeBytes: number): void {
  const headBytes = isExtended ? 56 : 32
  if (bytes.length < headBytes) throw new SquashfsDamage('a file inode is cut off')
  const layout = isExtended ? extendedFile(inode, bytes) : basicFile(inode, bytes)
  const fragment = optional(layout.fragmentIndex)
  const blockCount = (fragment === undefined ? Math.ceil : Math.floor)(inode.sizeBytes / blockSizeBytes)
  const sizesEnd = headBytes + blockCount * 4
  if (sizesEnd > bytes.length) throw new SquashfsDamage(`a file of ${inode.sizeBytes} bytes has too short a block list`)
  inode.data = {
    start: layout.start,
    blockSizes: bytes.subarray(headBytes, sizesEnd),
    fragment: fragment === undefined ? undefined : { index: fragment, offset: layout.fragmentOffset },
  }
}

function basicFile(inode: Inode, bytes: Buffer) {
  inode.sizeBytes = bytes.readUInt32LE(28)
  return {
    start: bytes.readUInt32LE(16),
    fragmentIndex: bytes.readUInt32LE(20),
    fragmentOffset: bytes.readUInt32LE(24),
  }
}

function extendedFile(inode: Inode, bytes: Buffer) {
  const sizeBytes = Number(bytes.readBigUInt64LE(24))
  const start = Number(bytes.readBigUInt64LE(16))
  if (!Number.isSafeInteger(sizeBytes) || !Number.isSafeInteger(start))
    throw new SquashfsDamage('a file has an impossible size or place')
  inode.sizeBytes = sizeBytes
  inode.linkCount = bytes.readUInt32LE(40)
  inode.xattrIndex = optional(bytes.readUInt32LE(52))
  return { start, fragmentIndex: bytes.readUInt32LE(44), fragmentOffset: bytes.readUInt32LE(48) }
}

function readWord(bytes: Buffer, offset: number): number {
  if (offset + 4 > bytes.length) throw new SquashfsDamage('an inode is cut off')
  return bytes.readUInt32LE(offset)
}

const optional = (index: number): number | undefined => (index === none ? undefined : index)
