import type { InspectedImage } from '../inspect-image.ts'
import { oncePerImage } from '../once-per-image.ts'
import type { DynamicSection } from './elf.ts'
import { libraryFolders } from './library-folders.ts'
import type { ElfFile } from './programs.ts'

/** A library that a file needs: where it was found, or the folders that were searched without finding it. */
export type FoundLibrary =
  | { name: string; library: ElfFile; searched?: undefined }
  | { name: string; library?: undefined; searched: string[] }

/** A file with a dynamic section. */
export interface DynamicFile {
  path: string
  dynamic: DynamicSection
}

const cachePath = '/etc/ld.so.cache'
const maxCacheBytes = 4 * 1024 * 1024
/** A full distribution has 2,000 programs with some twenty libraries each; libraries that lean on their program have few programs. */
const maxLoadedFiles = 200_000
const maxReaching = 200

/** The one search of an image; it remembers what it found. */
export const librarySearchOf = oncePerImage((image) => new LibrarySearch(image))

/** Finds libraries as the image's dynamic loader would (ld.so(8)). */
export class LibrarySearch {
  readonly #image: InspectedImage
  readonly #systemFolders: readonly string[]
  readonly #variableFolders: readonly string[]
  readonly #cached: ReadonlyMap<string, string>
  readonly #needed = new Map<string, FoundLibrary[]>()
  #loads: ReadonlyMap<string, ReadonlySet<string>[]> | undefined

  constructor(image: InspectedImage) {
    this.#image = image
    this.#systemFolders = libraryFolders(image)
    this.#variableFolders = image.init.environment.get('LD_LIBRARY_PATH')?.value.split(':').filter(Boolean) ?? []
    this.#cached = readCache(image)
  }

  /** All programs and every library they reach through DT_NEEDED, with their dynamic sections. */
  closure(): DynamicFile[] {
    const programs = [...this.#image.elfFiles.values()].filter(({ elf }) => elf?.interpreter !== undefined)
    return [...this.reachedFrom(programs).values()]
  }

  /** Files and every library that they reach, by real path; those without a dynamic section are left out. */
  reachedFrom(files: readonly ElfFile[]): Map<string, DynamicFile> {
    const reached = new Map<string, DynamicFile>()
    const waiting = [...files]
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      const dynamic = file.elf?.dynamic
      if (dynamic === undefined || reached.has(file.path)) continue
      reached.set(file.path, { path: file.path, dynamic })
      waiting.push(...this.neededBy(file.path, dynamic).flatMap(({ library }) => library ?? []))
    }
    return reached
  }

  /**
   * Whether every program that reaches a file has loaded a library of this name by another way: the loader takes what is
   * loaded, wherever it lies (glibc elf/dl-load.c, _dl_map_object).
   */
  isLoadedBefore(name: string, path: string): boolean {
    this.#loads ??= this.#allLoads()
    const reaching = this.#loads.get(path) ?? []
    return reaching.length > 0 && reaching.length <= maxReaching && reaching.every((loaded) => loaded.has(name))
  }

  /** What each program loads, names of libraries that were found, by the paths of all files in it. */
  #allLoads(): Map<string, ReadonlySet<string>[]> {
    const loads = new Map<string, ReadonlySet<string>[]>()
    let fileCount = 0
    for (const program of this.#image.elfFiles.values()) {
      if (program.elf?.interpreter === undefined) continue
      const files = [...this.reachedFrom([program]).values()]
      fileCount += files.length
      // With more than that nothing is known, and what is not found counts as missing.
      if (fileCount > maxLoadedFiles) return new Map()
      const found = files.flatMap((file) => this.neededBy(file.path, file.dynamic).filter(({ library }) => library))
      const names = new Set(found.map(({ name }) => name))
      for (const { path } of files) loads.set(path, [...(loads.get(path) ?? []).slice(-maxReaching), names])
    }
    return loads
  }

  /** The libraries that a file needs directly. */
  neededBy(path: string, dynamic: DynamicSection): FoundLibrary[] {
    const known = this.#needed.get(path)
    if (known) return known
    const folders = this.#foldersFor(path, dynamic)
    const found = dynamic.needed.map((name) => this.#find(name, folders))
    this.#needed.set(path, found)
    return found
  }

  /** Search order: RPATH unless there is a RUNPATH, LD_LIBRARY_PATH, RUNPATH, the system's folders. */
  #foldersFor(path: string, { rpath, runpath }: DynamicSection): string[] {
    const own = (folders: readonly string[]) => folders.map((folder) => expandTokens(folder, path))
    const before = runpath.length === 0 ? own(rpath) : []
    return [...before, ...this.#variableFolders, ...own(runpath), ...this.#systemFolders]
  }

  #find(name: string, folders: readonly string[]): FoundLibrary {
    const cached = this.#cached.get(name)
    const paths = name.includes('/')
      ? [name]
      : [...folders.map((folder) => `${folder}/${name}`), ...(cached ? [cached] : [])]
    const library = paths.map((path) => this.#elfAt(path)).find((found) => found !== undefined)
    return library ? { name, library } : { name, searched: [...folders] }
  }

  /** Only a library of the image's own kind counts; the loader skips others. */
  #elfAt(path: string): ElfFile | undefined {
    const resolution = this.#image.files.resolve(path)
    return resolution.entry ? this.#image.elfFiles.get(resolution.path) : undefined
  }
}

const expandTokens = (folder: string, path: string): string =>
  folder.replace(/\$\{?ORIGIN\}?/g, path.slice(0, path.lastIndexOf('/'))).replace(/\$\{?LIB\}?/g, 'lib')

/** Names and paths of the loader's cache: its text part is a run of NUL-terminated strings (glibc, dl-cache.h). */
function readCache({ files }: InspectedImage): Map<string, string> {
  const entry = files.findFile(cachePath)
  if (entry === undefined || entry.inode.sizeBytes > maxCacheBytes) return new Map()
  const text = files.read(entry, 0, maxCacheBytes).toString('latin1')
  const paths = text.split('\0').filter((item) => item.startsWith('/'))
  return new Map(paths.map((path) => [path.slice(path.lastIndexOf('/') + 1), path]))
}
