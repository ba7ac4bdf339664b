/** Writes a small ELF file with the given sections, for tests of what reads them. */
export function sampleElf(sections: Readonly<Record<string, string | Buffer>>): Buffer {
  const headerBytes = 64
  const names = ['', ...Object.keys(sections), '.shstrtab']
  const nameTable = Buffer.from(names.map((name) => `${name}\0`).join(''), 'latin1')
  const bodies = [Buffer.alloc(0), ...Object.values(sections).map((body) => Buffer.from(body as string)), nameTable]
  const table: Buffer[] = []
  let offset = headerBytes
  let nameAt = 0
  for (const [index, body] of bodies.entries()) {
    table.push(sectionHeader(nameAt, offset, body.length))
    nameAt += (names[index] as string).length + 1
    offset += body.length
  }
  const header = Buffer.alloc(headerBytes)
  header.write('\x7fELF\x02\x01', 'latin1')
  header.writeBigUInt64LE(BigInt(offset), 0x28)
  header.writeUInt16LE(headerBytes, 0x3a)
  header.writeUInt16LE(bodies.length, 0x3c)
  header.writeUInt16LE(bodies.length - 1, 0x3e)
  return Buffer.concat([header, ...bodies, ...table])
}

function sectionHeader(nameAt: number, offset: number, sizeBytes: number): Buffer {
  const header = Buffer.alloc(64)
  header.writeUInt32LE(nameAt, 0)
  header.writeUInt32LE(1, 4)
  header.writeBigUInt64LE(BigInt(offset), 0x18)
  header.writeBigUInt64LE(BigInt(sizeBytes), 0x20)
  return header
}

/** The dynamic section and its strings of a program that needs the given libraries. */
export function neededSections(libraries: readonly string[]): Record<'.dynamic' | '.dynstr', Buffer> {
  const strings = Buffer.from(['', ...libraries].map((name) => `${name}\0`).join(''), 'latin1')
  const entries = libraries.map((name) => {
    const entry = Buffer.alloc(16)
    entry.writeBigUInt64LE(1n, 0)
    entry.writeBigUInt64LE(BigInt(strings.indexOf(`\0${name}\0`, 0, 'latin1') + 1), 8)
    return entry
  })
  return { '.dynamic': Buffer.concat([...entries, Buffer.alloc(16)]), '.dynstr': strings }
}
