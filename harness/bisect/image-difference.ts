import type { InspectedImage } from '../inspect/inspect-image.ts'
import { packageOfFiles } from '../inspect/packages/package-files.ts'
import { type FileDifference, fileDifferences, packageDifferences } from '../measure/compare/content-difference.ts'
import { count } from '../model/quantities.ts'
import { type Change, joinTied, type Part, type Tie } from './change.ts'
import { changesIn, type LineChange, type LineScript, lineScript } from './line-changes.ts'
import { recordsApart } from './package-records.ts'
import { libraryTies } from './ties.ts'

/** Two images of one architecture: the one that is as it should be, and the one that is not. */
export interface ImagesApart {
  good: InspectedImage
  bad: InspectedImage
}

/** Databases of text have a record for each package; of rpm's, one file is taken as a whole. */
const hasRecords = { dpkg: true, opkg: true, apk: true, rpm: false } as const

/** More files of one folder than this are one change at first. */
const manyFiles = 12

/** Longest line of a text that is shown. */
const shownCharacters = 100

/** What lies between two images, and how it divides: into packages and files of none, those into files, and texts into lines. */
export class ImageDifference {
  readonly images: ImagesApart
  readonly #files: ReadonlyMap<string, FileDifference['change']>
  readonly #ties: readonly Tie[]
  readonly #scripts = new Map<string, LineScript | undefined>()
  /** The text database of packages, where both images have it in one place. */
  readonly recordsPath: string | undefined

  /** Reads all contents of both images. Throws SquashfsDamage where they do not decode. */
  constructor(images: ImagesApart) {
    this.images = images
    const { good, bad } = images
    const files = fileDifferences(good.squashfs, bad.squashfs).filter(({ path }) => path !== '/')
    this.#files = new Map(files.map(({ path, change }) => [path, change]))
    this.recordsPath = recordsPathOf(images, this.#files)
    this.#ties = [...libraryTies(good, bad, new Set(this.#files.keys())), ...this.#folderTies()]
  }

  /** Paths at which the images differ. */
  get paths(): ReadonlyMap<string, FileDifference['change']> {
    return this.#files
  }

  /** Packages that differ, and files that differ and belong to none. */
  packages(): Change[] {
    const { good, bad } = this.images
    const owners = new Map([...ownersIn(good), ...ownersIn(bad)])
    const titles = new Map(packageDifferences(good, bad).map(({ name, a, b }) => [name, versionText(name, a, b)]))
    const keyOf = this.#groupedBy(owners)
    const groups = new Map<string, Part[]>()
    const add = (key: string, part: Part) => groups.set(key, [...(groups.get(key) ?? []), part])
    for (const name of this.#recordsApart()) add(name, { kind: 'record', package: name })
    for (const path of this.#files.keys())
      if (path !== this.recordsPath) add(keyOf(this.#telling(path)), { kind: 'entry', path })
    const changes = [...groups].map(([key, parts]): Change => {
      if (key.endsWith('/')) return { kind: 'file', name: `${key}* (${count(parts.length, 'file')})`, parts }
      if (key.startsWith('/')) return { kind: 'file', name: this.#fileText(key), parts }
      return { kind: 'package', name: titles.get(key) ?? key, parts }
    })
    return joinTied(changes, this.#ties)
  }

  /** The files of a change, each a change by itself unless it is tied to another. */
  filesOf(change: Change): Change[] {
    const { kind, name, parts } = change
    if (kind !== 'package' && parts.length === 1) return [change]
    const changes = parts.map((part): Change => {
      return { kind: 'file', name: this.#partText(part), parts: [part], ...(kind === 'package' && { of: name }) }
    })
    return joinTied(changes, this.#ties)
  }

  /** The lines of a change that is one text; else the change itself. */
  linesOf(change: Change): Change[] {
    const [part, another] = change.parts
    if (part?.kind !== 'entry' || another !== undefined) return [change]
    const { path } = part
    const lines = changesIn(this.scriptOf(path) ?? [])
    const within = change.of === undefined ? {} : { of: change.of }
    if (lines.length === 0) return [change]
    return [
      ...lines.map((line, index): Change => {
        return { kind: 'line', name: `${path}: ${lineText(line)}`, parts: [{ kind: 'line', path, index }], ...within }
      }),
      ...this.#attributesOf(path).map((attributes) => ({ ...attributes, ...within })),
    ]
  }

  #attributesOf(path: string): Change[] {
    const [one, other] = [this.images.good, this.images.bad].map(({ files, squashfs }) => {
      const inode = files.resolve(path, { followLast: false }).entry?.inode
      return inode && [inode.permissions, squashfs.ids[inode.userIndex], squashfs.ids[inode.groupIndex]].join()
    })
    return one === other
      ? []
      : [{ kind: 'line', name: `${path}: mode and owner`, parts: [{ kind: 'attributes', path }] }]
  }

  /** How a text became another; undefined for what is no text in both images. */
  scriptOf(path: string): LineScript | undefined {
    if (!this.#scripts.has(path)) this.#scripts.set(path, this.#readScript(path))
    return this.#scripts.get(path)
  }

  #readScript(path: string): LineScript | undefined {
    if (this.#files.get(path) !== 'changed') return undefined
    const [before, after] = [textAt(this.images.good, path), textAt(this.images.bad, path)]
    return before === undefined || after === undefined ? undefined : lineScript(before, after)
  }

  #recordsApart(): string[] {
    if (this.recordsPath === undefined) return []
    const { good, bad } = this.images
    return recordsApart(textAt(good, this.recordsPath) ?? '', textAt(bad, this.recordsPath) ?? '')
  }

  /** The package of a file; of files of none, the folder where many differ in it, which then count as one. */
  #groupedBy(owners: ReadonlyMap<string, string>): (path: string) => string {
    const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1)
    const ofNone = [...this.#files.keys()].filter((path) => !owners.has(path) && !this.#isFolder(path))
    const byFolder = Map.groupBy(ofNone, folderOf)
    const isMany = (path: string) => (byFolder.get(folderOf(path))?.length ?? 0) > manyFiles
    return (path) => owners.get(path) ?? (isMany(path) ? folderOf(path) : path)
  }

  /** The path that tells to which package another belongs: a folder goes with the first of the files in it that differ, if any. */
  #telling(path: string): string {
    if (!this.#isFolder(path)) return path
    return [...this.#files.keys()].find((below) => below.startsWith(`${path}/`) && !this.#isFolder(below)) ?? path
  }

  /** Whether there is a folder, and nothing else in the other image. */
  #isFolder(path: string): boolean {
    const kinds = Object.values(this.images).flatMap((image) => kindAt(image, path) ?? [])
    return kinds.every((kind) => kind === 'folder')
  }

  /** A folder in whose place something else stands takes with it all that lies in it. */
  #folderTies(): Tie[] {
    const swapped = [...this.#files].filter(([path, change]) => {
      const kinds = new Set(Object.values(this.images).map((image) => kindAt(image, path)))
      return change === 'changed' && kinds.size > 1 && kinds.has('folder')
    })
    return swapped.flatMap(([folder]) =>
      [...this.#files.keys()].filter((path) => path.startsWith(`${folder}/`)).map((path): Tie => [folder, path]),
    )
  }

  #partText(part: Part): string {
    return part.kind === 'record' ? `record of ${part.package} in ${this.recordsPath}` : this.#fileText(part.path)
  }

  #fileText(path: string): string {
    return `${path} ${this.#files.get(path) ?? 'changed'}`
  }
}

const kindAt = ({ files }: InspectedImage, path: string) => files.resolve(path, { followLast: false }).entry?.inode.kind

const ownersIn = ({ files, packageDatabase }: InspectedImage) => packageOfFiles(files, packageDatabase)

function recordsPathOf({ good, bad }: ImagesApart, files: ReadonlyMap<string, string>): string | undefined {
  const [one, other] = [good.packageDatabase, bad.packageDatabase]
  const isRead = one?.problem === undefined && other?.problem === undefined
  if (one === undefined || !isRead || one.path !== other?.path || !hasRecords[one.kind]) return undefined
  return files.get(one.path) === 'changed' ? one.path : undefined
}

const maxTextBytes = 8 * 1024 * 1024

/** A regular file's text; undefined for any other, and for what is no UTF-8. */
export function textAt({ files }: InspectedImage, path: string): string | undefined {
  const { entry } = files.resolve(path, { followLast: false })
  if (entry?.inode.kind !== 'file' || entry.inode.sizeBytes > maxTextBytes) return undefined
  const bytes = files.read(entry, 0, maxTextBytes)
  if (bytes.includes(0)) return undefined
  const text = bytes.toString('utf8')
  return Buffer.from(text).equals(bytes) ? text : undefined
}

const versionText = (name: string, before: string | undefined, after: string | undefined): string =>
  `${name} ${before ?? 'new'} → ${after ?? 'removed'}`

function lineText({ removed, added }: LineChange): string {
  const shown = (line: string) => JSON.stringify(line.trimEnd().slice(0, shownCharacters))
  if (removed === undefined) return `new line ${shown(added ?? '')}`
  return added === undefined ? `without line ${shown(removed)}` : `${shown(removed)} → ${shown(added)}`
}
