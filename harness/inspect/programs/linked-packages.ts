import type { ReadAt } from './elf.ts'
import { findSection } from './elf-section.ts'

/** Names of functions stand at the head of the table (Go, runtime/symtab.go, since 1.16); podman's take some 4 MB. */
const maxNamesBytes = 8 * 1024 * 1024
const chunkBytes = 1024 * 1024
/** More than a mark has, so that none is missed between two chunks. */
const overlapBytes = 128

/** Which of some names or parts of names a Go program's function table holds; undefined for a program without one. */
export function linkedNames<T extends string>(readAt: ReadAt, marks: readonly T[]): ReadonlySet<T> | undefined {
  const table = findSection(readAt, '.gopclntab')
  if (table === undefined) return undefined
  const found = new Set<T>()
  const endBytes = Math.min(table.sizeBytes, maxNamesBytes)
  for (let offset = 0; offset < endBytes; offset += chunkBytes) {
    const chunk = readAt(table.offset + offset, Math.min(chunkBytes + overlapBytes, table.sizeBytes - offset))
    for (const mark of marks) if (!found.has(mark) && chunk.includes(mark, 0, 'latin1')) found.add(mark)
  }
  return found
}
