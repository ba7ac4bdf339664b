import { crc32 } from 'node:zlib'

/** Signature and header of every PNG: 8 bytes, and a chunk of 13 with its frame (PNG specification, 5.2 and 11.2.1). */
const headLength = 8 + 13 + 12
const keyword = 'Source'

/** The picture with a note of what it was made from, as a `tEXt` chunk behind its header (PNG specification, 11.3.3.2). */
export function withSource(png: Buffer, source: string): Buffer {
  const body = Buffer.from(`tEXt${keyword}\0${source}`, 'latin1')
  const chunk = Buffer.alloc(body.length + 8)
  chunk.writeUInt32BE(body.length - 4)
  body.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(body), body.length + 4)
  return Buffer.concat([png.subarray(0, headLength), chunk, png.subarray(headLength)])
}

/** What a picture says that it was made from; undefined where it says nothing. */
export function sourceOf(png: Buffer): string | undefined {
  const [, source] = /^....tEXtSource\0(.{64})/s.exec(png.toString('latin1', headLength)) ?? []
  return source
}
