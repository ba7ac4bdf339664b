/** The least that makes a kernel recognisable, for tests. */
export function sampleBzImage(version: string): Buffer {
  const image = Buffer.alloc(2048)
  image.writeUInt16LE(0xaa55, 0x1fe)
  image.write('HdrS', 0x202)
  image.writeUInt16LE(0x400, 0x20e)
  image.write(version, 0x600)
  return image
}

/** An arm64 Image header, then `gapBytes` of nothing, then a text. */
export function sampleArm64Image(text: string, gapBytes = 4096): Buffer {
  const header = Buffer.alloc(0x40)
  header.write('ARM\x64', 0x38, 'latin1')
  return Buffer.concat([header, Buffer.alloc(gapBytes), Buffer.from(text), Buffer.alloc(64)])
}
