import { UnreadableDatabase } from './unreadable-database.ts'

/** What is read of a package's header; numbers are those of rpm's tags (rpm, include/rpm/rpmtag.h). */
const tags = {
  1000: 'name',
  1001: 'version',
  1002: 'release',
  1003: 'epoch',
  1014: 'license',
  1022: 'architecture',
  1044: 'sourceRpm',
} as const

export type RpmHeader = Partial<Record<(typeof tags)[keyof typeof tags], string>>

const indexEntryBytes = 16
/** Value types (rpm, "RPM V4 Package format", header): a number of four bytes, and a text that ends with a NUL. */
const types = { int32: 4, string: 6 } as const

/** Reads a header as rpm's database holds it: two counts, an index, the values. Throws UnreadableDatabase. */
export function readRpmHeader(bytes: Buffer): RpmHeader {
  if (bytes.length < 8) throw new UnreadableDatabase('a package header is cut off')
  const [count, valueBytes] = [bytes.readUInt32BE(0), bytes.readUInt32BE(4)]
  const valuesStart = 8 + count * indexEntryBytes
  if (valuesStart + valueBytes > bytes.length) throw new UnreadableDatabase('a package header is longer than its row')
  const values = bytes.subarray(valuesStart, valuesStart + valueBytes)
  const header: RpmHeader = {}
  for (let entry = 8; entry < valuesStart; entry += indexEntryBytes) {
    const field = tags[bytes.readUInt32BE(entry) as keyof typeof tags]
    const value = field && readValue(values, bytes.readUInt32BE(entry + 4), bytes.readUInt32BE(entry + 8))
    if (field && value !== undefined) header[field] = value
  }
  return header
}

function readValue(values: Buffer, type: number, offset: number): string | undefined {
  if (type === types.int32 && offset + 4 <= values.length) return String(values.readUInt32BE(offset))
  const end = values.indexOf(0, offset)
  if (type !== types.string || offset > values.length || end < 0) return undefined
  return values.toString('utf8', offset, end)
}
