import { HybridFile } from '../image/variant/hybrid-file.ts'
import type { ImageEntry, ImageTree } from '../image/variant/image-tree.ts'
import type { Part } from './change.ts'
import { type ImageDifference, textAt } from './image-difference.ts'
import { textWith } from './line-changes.ts'
import { recordsApart, recordsWith } from './package-records.ts'

/** Makes GOOD with parts of BAD: one file that becomes each mixture in turn. */
export class Hybrids {
  readonly #difference: ImageDifference
  readonly #file: HybridFile
  /** What BAD has where the images differ, and the folders that it lies in. */
  readonly #entries: ReadonlyMap<string, ImageEntry>

  /** @param path of the file, which is made. Throws SquashfsDamage where BAD's contents do not decode. */
  constructor(difference: ImageDifference, path: string) {
    this.#difference = difference
    const { good, bad } = difference.images
    this.#file = new HybridFile({ path: good.file.path, squashfs: good.squashfs }, good.arch, path)
    const wanted = [...difference.paths.keys()].flatMap((each) => [...foldersOf(each), each])
    this.#entries = this.#file.append(bad.squashfs, new Set(wanted))
  }

  /** Makes the file GOOD with these parts of BAD, and returns its path. */
  with(parts: readonly Part[]): string {
    this.#file.become((tree) => this.#apply(tree, parts))
    return this.#file.path
  }

  #apply(tree: ImageTree, parts: readonly Part[]): void {
    const whole = parts.flatMap((part) => (part.kind === 'entry' ? part.path : []))
    this.#remove(
      tree,
      whole.filter((path) => !this.#entries.has(path)),
    )
    for (const path of whole.toSorted(byDepth)) this.#take(tree, path)
    for (const [path, lines] of linesByPath(parts)) this.#write(tree, path, lines)
    for (const part of parts) if (part.kind === 'attributes') this.#giveAttributes(tree, part.path)
    this.#writeRecords(tree, new Set(parts.flatMap((part) => (part.kind === 'record' ? part.package : []))))
  }

  /** What lies deepest goes first. A folder stays while something is left in it. */
  #remove(tree: ImageTree, paths: readonly string[]): void {
    const isFolder = (path: string) => tree.has(path) && tree.entry(path).kind === 'folder'
    for (const path of paths.toSorted(byDepth).toReversed())
      if (tree.has(path) && !(isFolder(path) && tree.pathsBelow(path).length > 0)) tree.remove(path)
  }

  #take(tree: ImageTree, path: string): void {
    const entry = this.#entries.get(path)
    if (entry === undefined) return
    for (const folder of foldersOf(path))
      if (!tree.has(folder)) tree.set(folder, this.#entries.get(folder) ?? tree.root)
    tree.set(path, entry)
  }

  #write(tree: ImageTree, path: string, lines: ReadonlySet<number>): void {
    const script = this.#difference.scriptOf(path)
    if (script === undefined) throw new Error(`${path} has no lines that differ.`)
    tree.set(path, { ...tree.entry(path), content: Buffer.from(textWith(script, lines)) })
  }

  #giveAttributes(tree: ImageTree, path: string): void {
    const { permissions, userId, groupId } = this.#entries.get(path) ?? tree.entry(path)
    tree.set(path, { ...tree.entry(path), permissions, userId, groupId })
  }

  #writeRecords(tree: ImageTree, packages: ReadonlySet<string>): void {
    const path = this.#difference.recordsPath
    if (path === undefined || packages.size === 0) return
    const { good, bad } = this.#difference.images
    const [before, after] = [textAt(good, path) ?? '', textAt(bad, path) ?? '']
    const isAll = recordsApart(before, after).every((name) => packages.has(name))
    const content = Buffer.from(isAll ? after : recordsWith(before, after, packages))
    tree.set(path, { ...tree.entry(path), content })
  }
}

const byDepth = (a: string, b: string): number => a.split('/').length - b.split('/').length

/** Folders that a path lies in, the outermost first, the root left out. */
function foldersOf(path: string): string[] {
  const names = path.split('/').slice(1, -1)
  return names.map((_, index) => `/${names.slice(0, index + 1).join('/')}`)
}

function linesByPath(parts: readonly Part[]): Map<string, Set<number>> {
  const lines = new Map<string, Set<number>>()
  for (const part of parts)
    if (part.kind === 'line') lines.set(part.path, (lines.get(part.path) ?? new Set()).add(part.index))
  return lines
}
