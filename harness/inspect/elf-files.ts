import { SquashfsDamage } from '../image/squashfs/damage.ts'
import { type Entry, pathOf } from '../image/squashfs/tree.ts'
import { type Elf, hasElfMagic, parseElf } from './elf.ts'
import type { FileTree } from './file-tree.ts'

/** An ELF file of the image; `damage` instead of `elf` where its headers contradict themselves. */
export type ElfFile =
  | { path: string; entry: Entry; elf: Elf; damage?: undefined }
  | { path: string; entry: Entry; elf?: undefined; damage: string }

const smallestElfBytes = 64
const elfName = /\.so(\.|$)|\.(ko|o|a)$/

/**
 * All ELF files of the image, by real path. Files that are neither executable nor named like a library are not opened; they
 * cannot be run or loaded as they are.
 */
export function findElfFiles(files: FileTree): Map<string, ElfFile> {
  const found = new Map<string, ElfFile>()
  for (const entry of files.entries.filter(mayBeElf).sort(byPlace)) {
    const head = files.readIfWhole(entry, 0, 4)
    if (head === undefined || !hasElfMagic(head)) continue
    const path = pathOf(entry)
    found.set(path, openElf(files, entry, path))
  }
  return found
}

const mayBeElf = (entry: Entry): boolean =>
  entry.inode.kind === 'file' &&
  entry.inode.sizeBytes >= smallestElfBytes &&
  ((entry.inode.permissions & 0o111) !== 0 || elfName.test(entry.name))

/** Files whose first bytes share a fragment one after the other, so that each fragment is decoded once. */
function byPlace(a: Entry, b: Entry): number {
  return placeOf(a) - placeOf(b)
}

const placeOf = ({ inode: { data } }: Entry): number =>
  data?.blockSizes.length === 0 && data.fragment ? data.fragment.index : (data?.start ?? 0)

function openElf(files: FileTree, entry: Entry, path: string): ElfFile {
  try {
    return { path, entry, elf: parseElf((offset, lengthBytes) => files.read(entry, offset, lengthBytes)) }
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof SquashfsDamage)) throw error
    return { path, entry, damage: error.message }
  }
}
