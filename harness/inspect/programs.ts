import { SquashfsDamage } from '../image/squashfs/damage.ts'
import { type Entry, pathOf } from '../image/squashfs/tree.ts'
import { type Elf, hasElfMagic, parseElf } from './elf.ts'
import type { FileTree } from './file-tree.ts'

/** An ELF file of the image; `damage` instead of `elf` where its headers contradict themselves. */
export type ElfFile =
  | { path: string; entry: Entry; elf: Elf; damage?: undefined }
  | { path: string; entry: Entry; elf?: undefined; damage: string }

/** An executable script and its first line, `#!` included, cut off after the bytes that the kernel reads and one more. */
export interface ScriptFile {
  path: string
  entry: Entry
  firstLine: string
}

export interface Programs {
  /** By real path. */
  elfFiles: ReadonlyMap<string, ElfFile>
  scripts: readonly ScriptFile[]
}

/** The kernel reads 256 bytes of a script's first line (Linux, BINPRM_BUF_SIZE in binfmts.h). */
export const maxScriptLineBytes = 256

const smallestElfBytes = 64
const libraryName = /\.so(\.|$)|\.(ko|o)$/

/**
 * All ELF files and scripts of the image. Files that are neither executable nor named like a library are not opened;
 * they cannot be run or loaded as they are.
 */
export function findPrograms(files: FileTree): Programs {
  const elfFiles = new Map<string, ElfFile>()
  const scripts: ScriptFile[] = []
  for (const entry of files.entries.filter(mayBeProgram).sort(byPlace)) {
    const head = files.readIfWhole(entry, 0, maxScriptLineBytes + 1)
    if (head === undefined) continue
    const path = pathOf(entry)
    if (hasElfMagic(head) && entry.inode.sizeBytes >= smallestElfBytes) elfFiles.set(path, openElf(files, entry, path))
    else if (isScript(entry, head))
      scripts.push({ path, entry, firstLine: head.toString('utf8').split('\n', 1)[0] ?? '' })
  }
  return { elfFiles, scripts: scripts.sort((a, b) => (a.path < b.path ? -1 : 1)) }
}

const isExecutable = (entry: Entry): boolean => (entry.inode.permissions & 0o111) !== 0
const mayBeProgram = (entry: Entry): boolean =>
  entry.inode.kind === 'file' && entry.inode.sizeBytes > 2 && (isExecutable(entry) || libraryName.test(entry.name))
const isScript = (entry: Entry, head: Buffer): boolean => isExecutable(entry) && head[0] === 0x23 && head[1] === 0x21

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
