import { SquashfsDamage } from './damage.ts'

/** Bytes of a superblock; its fields are those of `struct squashfs_super_block` (Linux, fs/squashfs/squashfs_fs.h). */
export const superblockBytes = 96

const magic = 0x73717368
const noTable = 0xffff_ffff_ffff_ffffn

/** Compression identifiers of the on-disk format. */
const compressionNames = { 1: 'gzip', 2: 'lzma', 3: 'lzo', 4: 'xz', 5: 'lz4', 6: 'zstd' } as const
export type CompressionName = (typeof compressionNames)[keyof typeof compressionNames]

export interface Superblock {
  inodeCount: number
  /** Seconds since the epoch. */
  mkfsTimeS: number
  blockSizeBytes: number
  fragmentCount: number
  compression: CompressionName
  idCount: number
  /** Reference of the root folder's inode. */
  rootReference: InodeReference
  bytesUsed: number
  /** Absolute file offsets in bytes; undefined where the image has no such table. */
  idTable: number
  xattrTable: number | undefined
  inodeTable: number
  directoryTable: number
  fragmentTable: number | undefined
  exportTable: number | undefined
}

/** Where an inode lies: start of its metadata block relative to the inode table, and offset in the decoded block. */
export interface InodeReference {
  blockStart: number
  offset: number
}

export const hasSquashfsMagic = (bytes: Buffer): boolean => bytes.length >= 4 && bytes.readUInt32LE(0) === magic

/** Reads the 96 bytes at the start of a squashfs 4.0; throws SquashfsDamage for a field no valid image can have. */
export function parseSuperblock(bytes: Buffer): Superblock {
  if (bytes.length < superblockBytes) throw new SquashfsDamage('the superblock is cut off')
  if (!hasSquashfsMagic(bytes)) throw new SquashfsDamage('the superblock has no squashfs magic')
  const [major, minor] = [bytes.readUInt16LE(28), bytes.readUInt16LE(30)]
  if (major !== 4 || minor !== 0) throw new SquashfsDamage(`squashfs version ${major}.${minor} is not 4.0`)
  return {
    inodeCount: bytes.readUInt32LE(4),
    mkfsTimeS: bytes.readUInt32LE(8),
    blockSizeBytes: blockSize(bytes),
    fragmentCount: bytes.readUInt32LE(16),
    compression: compressionName(bytes.readUInt16LE(20)),
    idCount: bytes.readUInt16LE(26),
    rootReference: inodeReference(bytes.readBigUInt64LE(32)),
    bytesUsed: fileOffset(bytes.readBigUInt64LE(40), 'bytes_used'),
    idTable: fileOffset(bytes.readBigUInt64LE(48), 'the id table'),
    xattrTable: optionalOffset(bytes.readBigUInt64LE(56), 'the xattr table'),
    inodeTable: fileOffset(bytes.readBigUInt64LE(64), 'the inode table'),
    directoryTable: fileOffset(bytes.readBigUInt64LE(72), 'the directory table'),
    fragmentTable: optionalOffset(bytes.readBigUInt64LE(80), 'the fragment table'),
    exportTable: optionalOffset(bytes.readBigUInt64LE(88), 'the export table'),
  }
}

export const inodeReference = (packed: bigint): InodeReference => ({
  blockStart: Number((packed >> 16n) & 0xffff_ffffn),
  offset: Number(packed & 0xffffn),
})

/** The largest block that the format knows (squashfs_fs.h, SQUASHFS_FILE_MAX_SIZE). */
export const maxBlockBytes = 1024 * 1024

/** Blocks are powers of two from 4 KiB to 1 MiB, given twice (as a size and as its logarithm). */
function blockSize(bytes: Buffer): number {
  const [sizeBytes, logarithm] = [bytes.readUInt32LE(12), bytes.readUInt16LE(22)]
  if (logarithm < 12 || logarithm > 20 || sizeBytes !== 2 ** logarithm)
    throw new SquashfsDamage(
      `block size ${sizeBytes} with logarithm ${logarithm} is not a power of two from 4 KiB to 1 MiB`,
    )
  return sizeBytes
}

function compressionName(id: number): CompressionName {
  const name = compressionNames[id as keyof typeof compressionNames]
  if (!name) throw new SquashfsDamage(`compression ${id} is unknown`)
  return name
}

function fileOffset(value: bigint, what: string): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new SquashfsDamage(`${what} lies at an impossible offset`)
  return Number(value)
}

const optionalOffset = (value: bigint, what: string) => (value === noTable ? undefined : fileOffset(value, what))
