/** A 64-bit little-endian ELF file (System V ABI, "Object files"), as both of our architectures use it. */
export interface ElfObject {
  bytes: Buffer
  sections: readonly ElfSection[]
}

interface ElfSection {
  name: string
  bytes: Buffer
}

/** Reads the section table. Throws RangeError or Error for bytes that are no such ELF file. */
export function readElf(bytes: Buffer): ElfObject {
  const isElf64LittleEndian = bytes.subarray(0, 6).equals(Buffer.from('\x7fELF\x02\x01', 'latin1'))
  if (!isElf64LittleEndian) throw new Error('not a 64-bit little-endian ELF file')
  const tableOffset = Number(bytes.readBigUInt64LE(0x28))
  const entrySize = bytes.readUInt16LE(0x3a)
  const entryCount = bytes.readUInt16LE(0x3c)
  const nameSectionIndex = bytes.readUInt16LE(0x3e)
  const headers = Array.from({ length: entryCount }, (_, index) => readHeader(bytes, tableOffset + index * entrySize))
  const names = headers[nameSectionIndex]?.bytes ?? Buffer.alloc(0)
  return { bytes, sections: headers.map((header) => ({ name: textAt(names, header.nameAt), bytes: header.bytes })) }
}

function readHeader(bytes: Buffer, at: number): { nameAt: number; bytes: Buffer } {
  const noBits = 8
  const offset = Number(bytes.readBigUInt64LE(at + 0x18))
  const sizeBytes = bytes.readUInt32LE(at + 4) === noBits ? 0 : Number(bytes.readBigUInt64LE(at + 0x20))
  return { nameAt: bytes.readUInt32LE(at), bytes: bytes.subarray(offset, offset + sizeBytes) }
}

function textAt(strings: Buffer, at: number): string {
  const end = strings.indexOf(0, at)
  return strings.toString('latin1', at, end < 0 ? strings.length : end)
}

const section = (elf: ElfObject, name: string): Buffer | undefined =>
  elf.sections.find((candidate) => candidate.name === name)?.bytes

/** The libraries a program or library names in DT_NEEDED, in order. */
export function neededLibraries(elf: ElfObject): string[] {
  const needed = 1n
  const dynamic = section(elf, '.dynamic')
  const strings = section(elf, '.dynstr')
  if (!dynamic || !strings) return []
  return Array.from({ length: Math.floor(dynamic.length / 16) }, (_, index) => index * 16)
    .filter((at) => dynamic.readBigUInt64LE(at) === needed)
    .map((at) => textAt(strings, Number(dynamic.readBigUInt64LE(at + 8))))
}

/** The dynamic loader a program names, or undefined for a static one. */
export function interpreter(elf: ElfObject): string | undefined {
  const bytes = section(elf, '.interp')
  return bytes && textAt(bytes, 0)
}

/** `key=value` entries of a kernel module (modinfo(8)), in order; a key may occur more than once. */
export function moduleInformation(elf: ElfObject): [key: string, value: string][] {
  const text = section(elf, '.modinfo')?.toString('latin1') ?? ''
  return text
    .split('\0')
    .filter((entry) => entry.includes('='))
    .map((entry) => {
      const at = entry.indexOf('=')
      return [entry.slice(0, at), entry.slice(at + 1)]
    })
}
