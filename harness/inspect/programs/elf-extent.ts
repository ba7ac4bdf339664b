import type { ReadAt } from './elf.ts'

const sectionHeaderBytes = 64
/** A section that takes no bytes of the file (`SHT_NOBITS`). */
const withoutBytes = 8
const maxSections = 256

/** Tells where a 64-bit little-endian ELF file claims more bytes than it has; undefined where it is whole. */
export function wholeProblem(readAt: ReadAt, sizeBytes: number): string | undefined {
  const head = readAt(0, 64)
  const [start, count] = [Number(head.readBigUInt64LE(40)), head.readUInt16LE(60)]
  // Without a section table nothing is claimed but the segments, which the parser holds against the size.
  if (start === 0 || count === 0 || count > maxSections) return undefined
  const tableEnd = start + count * sectionHeaderBytes
  if (tableEnd > sizeBytes) return `its section headers end at byte ${tableEnd}, the file at ${sizeBytes}`
  const table = readAt(start, count * sectionHeaderBytes)
  const ends = Array.from({ length: count }, (_, index) => {
    const at = index * sectionHeaderBytes
    if (table.readUInt32LE(at + 4) === withoutBytes) return 0
    return Number(table.readBigUInt64LE(at + 24)) + Number(table.readBigUInt64LE(at + 32))
  })
  const end = Math.max(...ends)
  return end > sizeBytes ? `its sections end at byte ${end}, the file at ${sizeBytes}` : undefined
}
