import { metadataBlockBytes } from '../squashfs/metadata.ts'

/** The bit of a metadata block's header that says it is not compressed. */
const storedBit = 0x8000

/** Bytes that grow at their end. */
export class Bytes {
  readonly #parts: Buffer[] = []
  length = 0

  add(part: Buffer): void {
    this.#parts.push(part)
    this.length += part.length
  }

  joined(): Buffer {
    return Buffer.concat(this.#parts)
  }
}

/** Little-endian 32-bit words. */
export const words = (values: readonly number[]): Buffer => Buffer.from(Uint32Array.from(values).buffer)

/** Place of decoded bytes in a table whose blocks are stored as they are. */
export const storedPlace = (decodedOffset: number) => ({
  blockStart: Math.floor(decodedOffset / metadataBlockBytes) * (metadataBlockBytes + 2),
  offset: decodedOffset % metadataBlockBytes,
})

/** Metadata blocks that hold the bytes as they are. */
export function metadata(bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let start = 0; start < bytes.length; start += metadataBlockBytes) {
    const block = bytes.subarray(start, start + metadataBlockBytes)
    const header = Buffer.alloc(2)
    header.writeUInt16LE(block.length | storedBit)
    parts.push(header, block)
  }
  return Buffer.concat(parts)
}

/** Appends a table and the list of its blocks' addresses; returns where the list is. */
export function indexed(tail: Bytes, at: () => number, table: Buffer): number {
  const start = at()
  tail.add(metadata(table))
  const list = at()
  tail.add(addressList(start, table.length))
  return list
}

function addressList(start: number, tableBytes: number): Buffer {
  const count = Math.ceil(tableBytes / metadataBlockBytes)
  const list = Buffer.alloc(count * 8)
  for (let index = 0; index < count; index++)
    list.writeBigUInt64LE(BigInt(start + index * (metadataBlockBytes + 2)), index * 8)
  return list
}

/** cap_net_raw+ep as setcap writes it: revision 2 of the format (capabilities(7)). */
const capability = Buffer.from('0100000200200000000000000000000000000000', 'hex')
/** Type 2 of a stored name stands for `security.`. */
const securityPrefix = 2

/** Appends a table with the one set of attributes that there is: a file capability. */
export function capabilityTable(tail: Bytes, at: () => number): number {
  const name = Buffer.from('capability')
  const pair = Buffer.alloc(4)
  pair.writeUInt16LE(securityPrefix, 0)
  pair.writeUInt16LE(name.length, 2)
  const pairs = Buffer.concat([pair, name, words([capability.length]), capability])
  const pairsStart = at()
  tail.add(metadata(pairs))
  const setStart = at()
  tail.add(metadata(words([0, 0, 1, pairs.length])))
  const table = at()
  const head = Buffer.alloc(16)
  head.writeBigUInt64LE(BigInt(pairsStart))
  head.writeUInt32LE(1, 8)
  tail.add(Buffer.concat([head, addressList(setStart, 16)]))
  return table
}
