import { readSync } from 'node:fs'
import { CallFault } from '../../model/faults.ts'
import { decoding, SquashfsDamage } from './damage.ts'
import { type Decompress, decompressorOf } from './decompress.ts'
import type { FileData, Inode } from './inode.ts'
import { maxBlockBytes, type Superblock } from './superblock.ts'

/** A stored block: its place in the file, its stored size in bytes, and whether it is compressed. */
export interface StoredBlock {
  start: number
  storedBytes: number
  isCompressed: boolean
}

const uncompressedBit = 0x0100_0000
/** Bound on what is read of one image, with repetitions; an image of the profile's full size takes about a tenth. */
const maxWorkBytes = 8 * 1024 ** 3
/** Decoded blocks kept for the next read. The static suite looks into some 490 blocks of the reference image, of 128 KiB each. */
const maxKeptBytes = 64 * 1024 ** 2

export const storedBlock = (start: number, packedSize: number): StoredBlock => ({
  start,
  storedBytes: packedSize & ~uncompressedBit,
  isCompressed: (packedSize & uncompressedBit) === 0,
})

/** Reads file contents of one open image. */
export class ContentReader {
  readonly #file: number
  readonly #superblock: Superblock
  readonly #fragments: readonly StoredBlock[]
  readonly #decompress: Decompress
  /** By their place in the file, the one read last at the end. */
  readonly #kept = new Map<number, Buffer>()
  readonly #maxKept: number
  #workBytes = 0
  /** Told of each block that a read decoded: where it lies in the file, and its decoded size in bytes. */
  onDecoded: (start: number, decodedBytes: number) => void = () => {}

  constructor(file: number, superblock: Superblock, fragments: readonly StoredBlock[]) {
    this.#file = file
    this.#superblock = superblock
    this.#fragments = fragments
    this.#decompress = decompressorOf(superblock.compression)
    this.#maxKept = maxKeptBytes / superblock.blockSizeBytes
  }

  /** Up to `lengthBytes` of a file from `offset` on; fewer at its end. Throws SquashfsDamage where they do not decode. */
  read(inode: Inode, offset: number, lengthBytes: number): Buffer {
    const end = Math.min(offset + lengthBytes, inode.sizeBytes)
    if (inode.data === undefined || end <= offset) return Buffer.alloc(0)
    const { blockSizeBytes } = this.#superblock
    const parts: Buffer[] = []
    const firstIndex = Math.floor(offset / blockSizeBytes)
    this.#work(end - offset + firstIndex * 4)
    let position = blockPosition(inode.data, firstIndex)
    for (let index = firstIndex; index * blockSizeBytes < end; index++) {
      const blockStart = index * blockSizeBytes
      const wantedBytes = Math.min(blockSizeBytes, inode.sizeBytes - blockStart)
      const block = storedBlock(position, packedSizeOf(inode.data, index))
      const decoded = this.#blockOfFile(inode.data, index, block, wantedBytes)
      parts.push(decoded.subarray(Math.max(offset - blockStart, 0), end - blockStart))
      position += block.storedBytes
    }
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
  }

  #blockOfFile(data: FileData, index: number, block: StoredBlock, wantedBytes: number): Buffer {
    if (index * 4 >= data.blockSizes.length) return this.#fragmentOfFile(data, wantedBytes)
    if (block.storedBytes === 0) return Buffer.alloc(wantedBytes)
    const decoded = this.#decoded(block)
    if (decoded.length !== wantedBytes) throw new SquashfsDamage('a data block has the wrong length')
    return decoded
  }

  #fragmentOfFile(data: FileData, wantedBytes: number): Buffer {
    const fragment = data.fragment && this.#fragments[data.fragment.index]
    if (data.fragment === undefined || fragment === undefined)
      throw new SquashfsDamage('a file names a fragment that does not exist')
    const { offset } = data.fragment
    const tail = this.#decoded(fragment).subarray(offset, offset + wantedBytes)
    if (tail.length !== wantedBytes) throw new SquashfsDamage('a fragment is shorter than the file tail in it')
    return tail
  }

  #decoded(block: StoredBlock): Buffer {
    const decoded = this.#kept.get(block.start) ?? this.#decode(block)
    this.#kept.delete(block.start)
    this.#kept.set(block.start, decoded)
    if (this.#kept.size > this.#maxKept) this.#kept.delete(this.#kept.keys().next().value as number)
    return decoded
  }

  #decode(block: StoredBlock): Buffer {
    this.#work(this.#superblock.blockSizeBytes)
    const decoded = decodeStored(this.#file, block, this.#superblock, this.#decompress)
    this.onDecoded(block.start, decoded.length)
    return decoded
  }

  /** Counts what is copied, decoded and skipped. Files may share data, so no other bound holds this. */
  #work(bytes: number): void {
    this.#workBytes += bytes
    if (this.#workBytes > maxWorkBytes)
      throw new CallFault(
        'The image cannot be inspected: its files share their data so often that they add up to 8 GiB.',
      )
  }
}

/** A hole has no stored bytes; so has an index past the list, which stands for the fragment. */
const packedSizeOf = (data: FileData, index: number): number =>
  index * 4 < data.blockSizes.length ? data.blockSizes.readUInt32LE(index * 4) : 0

function blockPosition(data: FileData, index: number): number {
  let position = data.start
  for (let before = 0; before < index; before++) position += packedSizeOf(data, before) & ~uncompressedBit
  return position
}

/** Where each compressed block lies while it is decoded; a new buffer for each would cost its pages and their collection. */
const compressed = Buffer.allocUnsafeSlow(maxBlockBytes)

/** Reads and decodes one block of an open image into at most the image's block size. */
export function decodeStored(file: number, block: StoredBlock, superblock: Superblock, decompress: Decompress): Buffer {
  const { blockSizeBytes, bytesUsed } = superblock
  if (block.storedBytes > blockSizeBytes || block.start + block.storedBytes > bytesUsed)
    throw new SquashfsDamage(`the data block at byte ${block.start} runs over its bounds`)
  const stored = block.isCompressed ? compressed.subarray(0, block.storedBytes) : Buffer.allocUnsafe(block.storedBytes)
  if (readSync(file, stored, 0, block.storedBytes, block.start) !== block.storedBytes)
    throw new SquashfsDamage(`the data block at byte ${block.start} could not be read whole`)
  if (!block.isCompressed) return stored
  return decoding(`the data block at byte ${block.start}`, () => decompress(stored, blockSizeBytes))
}
