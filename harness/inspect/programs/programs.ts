import { isElf } from '../../image/file-magic.ts'
import { SquashfsDamage } from '../../image/squashfs/damage.ts'
import type { Inode } from '../../image/squashfs/inode.ts'
import { type Entry, pathOf } from '../../image/squashfs/tree.ts'
import type { FileTree } from '../file-tree.ts'
import { type Elf, parseElf } from './elf.ts'

/** What an ELF file says of itself; `damage` instead of `elf` where its headers contradict themselves. */
type ParsedElf = { elf: Elf; damage?: undefined } | { elf?: undefined; damage: string }

/** An ELF file of the image. Hard links are files of their own that say the same. */
export type ElfFile = { path: string; entry: Entry } & ParsedElf

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

/** A full distribution with all its kernel modules has some 8,000 programs, libraries and scripts. */
const maxPrograms = 10_000
/** Libraries, folders and symbol versions that they name, each of which is looked for; our reference image has 4,000. */
const maxNames = 200_000

/**
 * All ELF files and scripts of the image. Throws SquashfsDamage for more than can be looked at. Files that are neither executable nor named like a library are not opened;
 * they cannot be run or loaded as they are.
 */
export function findPrograms(files: FileTree): Programs {
  const elfFiles = new Map<string, ElfFile>()
  const scripts: ScriptFile[] = []
  let nameCount = 0
  const parsed = new Map<Inode, ParsedElf>()
  for (const entry of files.entries.filter(mayBeProgram).sort(byPlace)) {
    const head = files.readIfWhole(entry, 0, maxScriptLineBytes + 1)
    if (head === undefined) continue
    const path = pathOf(entry)
    if (isElf(head) && entry.inode.sizeBytes >= smallestElfBytes) {
      const content = parsed.get(entry.inode) ?? parseContent(files, entry)
      parsed.set(entry.inode, content)
      elfFiles.set(path, { path, entry, ...content })
      nameCount += namesIn(content)
    } else if (isScript(entry, head))
      scripts.push({ path, entry, firstLine: head.toString('utf8').split('\n', 1)[0] ?? '' })
    if (elfFiles.size + scripts.length > maxPrograms)
      throw new SquashfsDamage(`it holds more than ${maxPrograms} programs, libraries and scripts`)
    if (nameCount > maxNames) throw new SquashfsDamage(`its programs name more than ${maxNames} libraries and versions`)
  }
  return { elfFiles, scripts: scripts.sort((a, b) => (a.path < b.path ? -1 : 1)) }
}

function namesIn({ elf }: ParsedElf): number {
  const dynamic = elf?.dynamic
  if (dynamic === undefined) return 0
  const { needed, rpath, runpath, neededVersions, providedVersions } = dynamic
  return needed.length * (1 + rpath.length + runpath.length) + neededVersions.length + providedVersions.length
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

function parseContent(files: FileTree, entry: Entry): ParsedElf {
  try {
    return { elf: parseElf((offset, lengthBytes) => files.read(entry, offset, lengthBytes), entry.inode.sizeBytes) }
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof SquashfsDamage)) throw error
    return { damage: error.message }
  }
}
