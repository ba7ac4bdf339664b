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

const segmentHeaderBytes = 56
const [loaded, executable] = [1, 1]
const maxSegments = 128
const pageBytes = 4096
const samples = 8

/**
 * Where the code of a 64-bit little-endian ELF file is zeros, as blocks of a file are that were never written out; undefined
 * where it is not. Some pages of each segment with code are looked at: no compiler fills a page so.
 */
export function emptyCode(readAt: ReadAt): number | undefined {
  const head = readAt(0, 64)
  const [start, count] = [Number(head.readBigUInt64LE(32)), Math.min(head.readUInt16LE(56), maxSegments)]
  const table = readAt(start, count * segmentHeaderBytes)
  for (let at = 0; at + segmentHeaderBytes <= table.length; at += segmentHeaderBytes) {
    if (table.readUInt32LE(at) !== loaded || (table.readUInt32LE(at + 4) & executable) === 0) continue
    const [offset, sizeBytes] = [Number(table.readBigUInt64LE(at + 8)), Number(table.readBigUInt64LE(at + 32))]
    const found = pagesIn(offset, sizeBytes).find((page) => isZero(readAt(page, pageBytes)))
    if (found !== undefined) return found
  }
  return undefined
}

/** Offsets of whole pages, spread over a segment. */
function pagesIn(offset: number, sizeBytes: number): number[] {
  const first = Math.ceil(offset / pageBytes)
  const count = Math.floor((offset + sizeBytes) / pageBytes) - first
  const wanted = Math.max(0, Math.min(samples, count))
  return Array.from({ length: wanted }, (_, index) => (first + Math.floor((index * count) / wanted)) * pageBytes)
}

const isZero = (bytes: Buffer): boolean => bytes.length === pageBytes && bytes.every((byte) => byte === 0)
