import { readSync } from 'node:fs'
import { decoding, SquashfsDamage } from './damage.ts'
import { type Decompress, decompressorOf } from './decompress.ts'
import type { Superblock } from './superblock.ts'

/** A metadata block decodes to at most this (squashfs_fs.h, SQUASHFS_METADATA_SIZE). */
export const metadataBlockBytes = 8192

/**
 * Bound on all decoded metadata of one image. An entry of a listing takes about 60 bytes decoded, so this holds millions; without it a
 * file of some megabytes could decode to gigabytes.
 */
const maxMetadataBytes = 192 * 1024 * 1024

/** A run of decoded metadata blocks. `offsetOf` maps a block's start (relative to the run's) to its decoded offset. */
export interface MetadataTable {
  bytes: Buffer
  offsetOf: Map<number, number>
}

/** Reads metadata of one open image; counts what it decodes against the bound. */
export class MetadataReader {
  readonly #file: number
  readonly #fileBytes: number
  readonly #decompress: Decompress
  #decodedBytes = 0

  constructor(file: number, superblock: Superblock) {
    this.#file = file
    this.#fileBytes = superblock.bytesUsed
    this.#decompress = decompressorOf(superblock.compression)
  }

  /** Bytes of the file as they are. */
  raw(start: number, lengthBytes: number, structure: string): Buffer {
    if (start + lengthBytes > this.#fileBytes) throw new SquashfsDamage(`${structure} runs over the image's end`)
    if (lengthBytes > maxMetadataBytes) throw new SquashfsDamage(`${structure} takes ${lengthBytes} bytes`)
    const bytes = Buffer.allocUnsafe(lengthBytes)
    if (readSync(this.#file, bytes, 0, lengthBytes, start) !== lengthBytes)
      throw new SquashfsDamage(`${structure} could not be read whole`)
    return bytes
  }

  /** Decodes all metadata blocks between two file offsets. */
  table(start: number, end: number, structure: string): MetadataTable {
    if (end < start) throw new SquashfsDamage(`${structure} ends before it starts`)
    const stored = this.raw(start, end - start, structure)
    const blocks: Buffer[] = []
    const offsetOf = new Map<number, number>()
    let decodedBytes = 0
    for (let position = 0; position + 2 < stored.length; ) {
      const { block, nextPosition } = this.#decodeBlock(stored, position, structure)
      offsetOf.set(position, decodedBytes)
      blocks.push(block)
      decodedBytes += block.length
      position = nextPosition
    }
    return { bytes: Buffer.concat(blocks, decodedBytes), offsetOf }
  }

  /** Decodes a table of `count` entries that is reached by a list of block addresses, as ids and fragments are. */
  indexed(listStart: number, count: number, entryBytes: number, structure: string): Buffer {
    const blockCount = Math.ceil((count * entryBytes) / metadataBlockBytes)
    const list = this.raw(listStart, blockCount * 8, structure)
    const blocks = Array.from({ length: blockCount }, (_, index) => {
      const start = Number(list.readBigUInt64LE(index * 8))
      const header = this.raw(start, 2, structure)
      const stored = Buffer.concat([header, this.raw(start + 2, header.readUInt16LE(0) & 0x7fff, structure)])
      return this.#decodeBlock(stored, 0, structure).block
    })
    const bytes = Buffer.concat(blocks)
    if (bytes.length < count * entryBytes) throw new SquashfsDamage(`${structure} is shorter than ${count} entries`)
    return bytes
  }

  /** The top bit of a block's 16-bit header marks a stored block; the rest is its size in the file. */
  #decodeBlock(stored: Buffer, position: number, structure: string): { block: Buffer; nextPosition: number } {
    const header = stored.readUInt16LE(position)
    const nextPosition = position + 2 + (header & 0x7fff)
    const content = stored.subarray(position + 2, nextPosition)
    if (nextPosition > stored.length || content.length === 0)
      throw new SquashfsDamage(`${structure} holds a broken block`)
    const isStored = (header & 0x8000) !== 0
    const block = isStored ? content : decoding(structure, () => this.#decompress(content, metadataBlockBytes))
    if (block.length > metadataBlockBytes) throw new SquashfsDamage(`${structure} holds an oversized block`)
    this.#decodedBytes += block.length
    if (this.#decodedBytes > maxMetadataBytes) throw new SquashfsDamage('the metadata decodes to more than 192 MiB')
    return { block, nextPosition }
  }
}
