import { type Architecture, type ArchitectureName, architectures } from '../../model/architecture.ts'
import { decodeName } from '../squashfs/file-name.ts'
import type { Inode, InodeKind } from '../squashfs/inode.ts'
import type { Squashfs } from '../squashfs/squashfs.ts'
import { pathOf } from '../squashfs/tree.ts'

/** What stands at a path of an image. Never changed in place: entries are shared between all variants of one image. */
export interface ImageEntry {
  readonly kind: InodeKind
  /** The low 12 bits of a mode. */
  readonly permissions: number
  readonly userId: number
  readonly groupId: number
  /** Seconds since 1970. */
  readonly modifiedS: number
  /** Of a file: new bytes, or an inode whose data stay where they are in the original image, or where they were appended to it. */
  readonly content?: Buffer | Inode
  /** Of a symbolic link. */
  readonly target?: string
  /** Of a device: its numbers as stored. */
  readonly device?: number
  /** Of a file: it has a capability; a variant gives it that of ping, which may open raw sockets (capabilities(7)). */
  readonly hasCapability?: boolean
}

const owner = { userId: 0, groupId: 0 } as const

/**
 * A copy of an image's files that can be changed, by absolute real paths. Every change throws where it would do nothing,
 * so that no mutant is an image without a fault.
 */
export class ImageTree {
  readonly arch: ArchitectureName
  readonly #entries: Map<string, ImageEntry>
  readonly #original: Squashfs

  constructor(original: Squashfs, arch: ArchitectureName, entries: ReadonlyMap<string, ImageEntry>) {
    this.#original = original
    this.arch = arch
    this.#entries = new Map(entries)
  }

  get entries(): ReadonlyMap<string, ImageEntry> {
    return this.#entries
  }

  /** The folder that all paths lie in. */
  get root(): ImageEntry {
    return entryOf(this.#original.tree.root.inode, this.#original)
  }

  get architecture(): Architecture {
    return architectures[this.arch]
  }

  /** Where the image keeps its libraries. */
  get libraries(): string {
    return (
      ['/usr/lib64', `/usr/lib/${this.architecture.triplet}`].find((folder) => this.has(`${folder}/libc.so.6`)) ?? ''
    )
  }

  /** The time of the image, of which all its files are. */
  get dateS(): number {
    return this.#original.superblock.mkfsTimeS
  }

  has(path: string): boolean {
    return this.#entries.has(path)
  }

  entry(path: string): ImageEntry {
    const entry = this.#entries.get(path)
    if (entry === undefined) throw new Error(`The image has nothing at ${path}.`)
    return entry
  }

  /** Paths of all that lies in a folder and below, that folder left out. */
  pathsBelow(folder: string): string[] {
    return [...this.#entries.keys()].filter((path) => path.startsWith(`${folder}/`))
  }

  bytes(path: string): Buffer {
    const { content } = this.entry(path)
    if (content === undefined) throw new Error(`${path} is not a file.`)
    return Buffer.isBuffer(content) ? content : this.#original.content.read(content, 0, content.sizeBytes)
  }

  text(path: string): string {
    return this.bytes(path).toString('utf8')
  }

  set(path: string, entry: ImageEntry): void {
    this.#makeParents(path)
    this.#entries.set(path, entry)
  }

  /** Makes or replaces a file; one that was there keeps its mode unless another is given. */
  write(path: string, content: string | Buffer, permissions = this.#entries.get(path)?.permissions ?? 0o644): void {
    const bytes = Buffer.from(content)
    this.set(path, { ...owner, modifiedS: this.dateS, kind: 'file', permissions, content: bytes })
  }

  makeFolder(path: string, permissions = 0o755): void {
    this.set(path, { ...owner, modifiedS: this.dateS, kind: 'folder', permissions })
  }

  makeLink(path: string, target: string): void {
    this.set(path, { ...owner, modifiedS: this.dateS, kind: 'symlink', permissions: 0o777, target })
  }

  makePipe(path: string): void {
    this.set(path, { ...owner, modifiedS: this.dateS, kind: 'fifo', permissions: 0o644 })
  }

  /** Replaces a text or pattern in a text file. */
  replace(path: string, from: string | RegExp, to: string): void {
    const text = this.text(path)
    const changed = text.replace(from, () => to)
    if (changed === text) throw new Error(`${path} does not hold ${from}.`)
    this.write(path, changed)
  }

  append(path: string, text: string): void {
    this.write(path, this.text(path) + text)
  }

  /** Puts a changed copy of a file's bytes in its place. */
  patch(path: string, change: (bytes: Buffer) => void): void {
    const bytes = Buffer.from(this.bytes(path))
    const before = Buffer.from(bytes)
    change(bytes)
    if (bytes.equals(before)) throw new Error(`The patch of ${path} changes nothing.`)
    this.write(path, bytes)
  }

  setMode(path: string, permissions: number): void {
    const entry = this.entry(path)
    if (entry.permissions === permissions) throw new Error(`${path} has that mode already.`)
    this.#entries.set(path, { ...entry, permissions })
  }

  setTime(path: string, modifiedS: number): void {
    this.#entries.set(path, { ...this.entry(path), modifiedS })
  }

  setOwner(path: string, userId: number, groupId = userId): void {
    this.#entries.set(path, { ...this.entry(path), userId, groupId })
  }

  giveCapability(path: string): void {
    this.#entries.set(path, { ...this.entry(path), hasCapability: true })
  }

  /** Removes what is there, with all below. */
  remove(path: string): void {
    this.entry(path)
    for (const below of [path, ...this.pathsBelow(path)]) this.#entries.delete(below)
  }

  /** Copies a file or link; contents are stored once. */
  copy(from: string, to: string): void {
    this.set(to, { ...this.entry(from) })
  }

  /** Gives a file a second name: both are one file. */
  makeHardLink(path: string, to: string): void {
    this.set(path, this.entry(to))
  }

  /** Moves what is there, with all below. */
  move(from: string, to: string): void {
    for (const path of [from, ...this.pathsBelow(from)]) {
      const entry = this.entry(path)
      this.#entries.delete(path)
      this.set(to + path.slice(from.length), entry)
    }
  }

  #makeParents(path: string): void {
    const parent = path.slice(0, path.lastIndexOf('/'))
    if (parent !== '' && this.#entries.get(parent) === undefined) this.makeFolder(parent)
  }
}

/** All entries of an image by path, the root left out. Hard links are one entry at several paths. */
export function readEntries(image: Squashfs): Map<string, ImageEntry> {
  const byInode = new Map<Inode, ImageEntry>()
  const entries = new Map<string, ImageEntry>()
  for (const entry of image.tree.entries) {
    if (entry.parent === undefined) continue
    const known = byInode.get(entry.inode) ?? entryOf(entry.inode, image)
    byInode.set(entry.inode, known)
    entries.set(pathOf(entry), known)
  }
  return entries
}

function entryOf(inode: Inode, { ids, xattrs }: Squashfs): ImageEntry {
  const { kind, permissions, modifiedS, target, device, xattrIndex } = inode
  const owners = { userId: ids[inode.userIndex] ?? 0, groupId: ids[inode.groupIndex] ?? 0 }
  const hasCapability = xattrIndex !== undefined && xattrs.names(xattrIndex).includes('security.capability')
  return {
    ...{ kind, permissions, modifiedS, ...owners },
    ...(kind === 'file' && { content: inode }),
    ...(target && { target: decodeName(target) }),
    ...(device !== undefined && { device }),
    ...(hasCapability && { hasCapability }),
  }
}
