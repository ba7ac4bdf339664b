import type { InspectedImage } from '../inspect-image.ts'
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

const searches = new WeakMap<InspectedImage, LibrarySearch>()

/** The one search of an image; it remembers what it found. */
export function librarySearchOf(image: InspectedImage): LibrarySearch {
  const known = searches.get(image)
  if (known) return known
  const search = new LibrarySearch(image)
  searches.set(image, search)
  return search
}

/** Finds libraries as the image's dynamic loader would (ld.so(8)). */
export class LibrarySearch {
  readonly #image: InspectedImage
  readonly #systemFolders: readonly string[]
  readonly #variableFolders: readonly string[]
  readonly #cached: ReadonlyMap<string, string>
  readonly #needed = new Map<string, FoundLibrary[]>()

  constructor(image: InspectedImage) {
    this.#image = image
    this.#systemFolders = libraryFolders(image)
    this.#variableFolders = image.init.environment.get('LD_LIBRARY_PATH')?.value.split(':').filter(Boolean) ?? []
    this.#cached = readCache(image)
  }

  /** All programs and every library they reach through DT_NEEDED, with their dynamic sections. */
  closure(): DynamicFile[] {
    const reached = new Map<string, DynamicFile>()
    const waiting = [...this.#image.elfFiles.values()].filter(({ elf }) => elf?.interpreter !== undefined)
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      const dynamic = file.elf?.dynamic
      if (dynamic === undefined || reached.has(file.path)) continue
      reached.set(file.path, { path: file.path, dynamic })
      waiting.push(...this.neededBy(file.path, dynamic).flatMap(({ library }) => library ?? []))
    }
    return [...reached.values()]
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
