import { packingMagic } from '../file-magic.ts'
import { SquashfsDamage } from './damage.ts'

const streamHeaderBytes = 12
const lzma2Filter = 0x21
const maxFilters = 4

/**
 * Bytes that an xz stream of one block decodes to, and its dictionary's size, found without decoding (the .xz file
 * format, sections 2.1 and 3.1; LZMA2 chunk headers as in Linux, lib/xz/xz_dec_lzma2.c). The decoder in use has no bound on its output, so a
 * stream must be measured before it is decoded.
 */
export function measureXzStream(input: Buffer): { decodedBytes: number; dictionaryBytes: number } {
  if (input.length < streamHeaderBytes + 8 || !input.subarray(0, packingMagic.xz.length).equals(packingMagic.xz))
    throw new SquashfsDamage('a block is not an xz stream')
  const blockHeaderBytes = (input.readUInt8(streamHeaderBytes) + 1) * 4
  const header = input.subarray(streamHeaderBytes, streamHeaderBytes + blockHeaderBytes)
  const chunks = input.subarray(streamHeaderBytes + blockHeaderBytes)
  return { decodedBytes: sumLzma2Chunks(chunks), dictionaryBytes: dictionarySize(header) }
}

function dictionarySize(header: Buffer): number {
  const flags = header.readUInt8(1)
  let position = 2
  const readNumber = (): number => {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = header.readUInt8(position++)
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw new SquashfsDamage('an xz block header holds an overlong number')
  }
  for (const sizeField of [0x40, 0x80]) if (flags & sizeField) readNumber()
  for (let filter = 0; filter <= (flags & 3) && filter < maxFilters; filter++) {
    const id = readNumber()
    const propertyBytes = readNumber()
    if (id === lzma2Filter) return lzma2DictionarySize(header.readUInt8(position))
    position += propertyBytes
  }
  throw new SquashfsDamage('an xz block has no LZMA2 filter')
}

/** Sizes are 2^n and 3·2^n from 4 KiB on (section 5.3.1). */
const lzma2DictionarySize = (code: number): number => (2 + (code & 1)) * 2 ** (Math.floor((code & 0x3f) / 2) + 11)

function sumLzma2Chunks(input: Buffer): number {
  let decodedBytes = 0
  for (let position = 0; ; ) {
    const control = input.readUInt8(position)
    if (control === 0) return decodedBytes
    if (control >= 0x80) {
      decodedBytes += ((control & 0x1f) << 16) + input.readUInt16BE(position + 1) + 1
      const propertyBytes = control >= 0xc0 ? 1 : 0
      position += 5 + propertyBytes + input.readUInt16BE(position + 3) + 1
    } else {
      const storedBytes = input.readUInt16BE(position + 1) + 1
      decodedBytes += storedBytes
      position += 3 + storedBytes
    }
  }
}
