import { basename } from 'node:path'
import type { InspectedImage } from '../inspect/inspect-image.ts'
import { type FoundLibrary, LibrarySearch, librarySearchOf } from '../inspect/programs/library-search.ts'
import type { ElfFile } from '../inspect/programs/programs.ts'
import type { Tie } from './change.ts'

/** A library with the versions that a file needs of it, as one image has it. */
interface Need {
  name: string
  library: ElfFile | undefined
}

/**
 * Programs and libraries that must come from one image with the libraries that they need: those of the other image lack the library or a
 * version of its symbols. What the image itself cannot meet is a defect, which may be the one that is looked for, and ties nothing.
 */
export function libraryTies(one: InspectedImage, other: InspectedImage, paths: ReadonlySet<string>): Tie[] {
  return [...tiesOfUsers(one, other, paths), ...tiesOfUsers(other, one, paths)]
}

function tiesOfUsers(own: InspectedImage, other: InspectedImage, paths: ReadonlySet<string>): Tie[] {
  const ties: Tie[] = []
  const byName = Map.groupBy(paths, (path) => basename(path))
  // A search remembers files by their paths, and these are the other image's only in part.
  const across = new LibrarySearch(other)
  for (const path of paths) {
    const user = own.elfFiles.get(path)
    if (user === undefined) continue
    const elsewhere = new Map(needsOf(user, across).map((need) => [need.name, need.library]))
    const lacking = lackingIn(other, path)
    for (const { name, library } of needsOf(user, librarySearchOf(own))) {
      if (library === undefined || elsewhere.get(name) !== undefined || lacking.has(name)) continue
      for (const file of [name, basename(library.path)])
        ties.push(...(byName.get(file) ?? []).map((provider): Tie => [path, provider]))
    }
  }
  return ties
}

/** What the file at the same path needs there in vain. */
function lackingIn(image: InspectedImage, path: string): Set<string> {
  const user = image.elfFiles.get(path)
  const needs = user ? needsOf(user, librarySearchOf(image)) : []
  return new Set(needs.filter(({ library }) => library === undefined).map(({ name }) => name))
}

function needsOf(user: ElfFile, search: LibrarySearch): Need[] {
  const dynamic = user.elf?.dynamic
  if (dynamic === undefined) return []
  return search.neededBy(user.path, dynamic).map((found) => ({ name: found.name, library: usable(user, found) }))
}

/** The library that was found, if it has the versions that the file needs of it. */
function usable(user: ElfFile, { name, library }: FoundLibrary): ElfFile | undefined {
  const needed = user.elf?.dynamic?.neededVersions ?? []
  const provided = new Set(library?.elf?.dynamic?.providedVersions)
  const isMissing = needed.some((need) => need.library === name && !need.isWeak && !provided.has(need.version))
  return isMissing ? undefined : library
}
