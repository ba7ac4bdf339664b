import type { ReadAt } from './elf.ts'

const maxSections = 256

/** Finds a section of a 64-bit little-endian ELF file by name. */
export function findSection(readAt: ReadAt, name: string): { offset: number; sizeBytes: number } | undefined {
  const head = readAt(0, 64)
  const count = head.readUInt16LE(60)
  const headersStart = Number(head.readBigUInt64LE(40))
  if (headersStart === 0 || count === 0 || count > maxSections) return undefined
  const headers = readAt(headersStart, count * 64)
  if (headers.length < count * 64) return undefined
  const place = (index: number) => ({
    offset: Number(headers.readBigUInt64LE(index * 64 + 24)),
    sizeBytes: Number(headers.readBigUInt64LE(index * 64 + 32)),
  })
  const nameTable = place(Math.min(head.readUInt16LE(62), count - 1))
  const names = readAt(nameTable.offset, Math.min(nameTable.sizeBytes, 65_536))
  const index = Array.from({ length: count }, (_, section) => headers.readUInt32LE(section * 64)).findIndex((start) =>
    names.subarray(start, start + name.length + 1).equals(Buffer.from(`${name}\0`)),
  )
  return index < 0 ? undefined : place(index)
}
