import { SquashfsDamage } from './damage.ts'
import { decodeName, printableName } from './file-name.ts'
import { type Inode, readInode } from './inode.ts'
import type { MetadataTable } from './metadata.ts'
import type { InodeReference, Superblock } from './superblock.ts'

/** One name in the image. Hard links are entries that share an inode. */
export interface Entry {
  name: string
  /** Undefined for the root. */
  parent: Entry | undefined
  inode: Inode
  /** A folder's entries by name; undefined for all else. */
  children: Map<string, Entry> | undefined
}

export interface Tree {
  root: Entry
  /** All entries, the root first, parents before their children. */
  entries: Entry[]
  /** What is wrong with the listing without making it unreadable. */
  oddities: { message: string; path: string }[]
}

/** A listing longer than this is refused: container hosts have some thousands of files, and memory must stay bounded. */
const maxEntries = 500_000
/** Linux has no path longer than PATH_MAX (4,096 bytes), so no folder deeper than half of that can be named. */
const maxDepth = 2048
/** All paths and link targets together: 100,000 files with paths of 80 characters have an eighth of this. */
const maxNameBytes = 64 * 1024 * 1024
const listingHeaderBytes = 12
const entryHeaderBytes = 8
/** A folder's size counts 3 bytes for `.` and `..`, which are not stored. */
const impliedListingBytes = 3

/** Walks all folders from the root. Throws SquashfsDamage for loops, too many entries and broken listings. */
export function readTree(superblock: Superblock, inodes: MetadataTable, directories: MetadataTable): Tree {
  return new TreeWalk(superblock, inodes, directories).walk()
}

interface ListedFolder {
  folder: Entry
  pathBytes: number
}

class TreeWalk {
  readonly #superblock: Superblock
  readonly #inodes: MetadataTable
  readonly #directories: MetadataTable
  readonly #known = new Map<number, Inode>()
  readonly #seenFolders = new Set<number>()
  #nameBytes = 0
  readonly #tree: Pick<Tree, 'entries' | 'oddities'> = { entries: [], oddities: [] }

  constructor(superblock: Superblock, inodes: MetadataTable, directories: MetadataTable) {
    this.#superblock = superblock
    this.#inodes = inodes
    this.#directories = directories
  }

  walk(): Tree {
    const root = this.#entry('', undefined, this.#superblock.rootReference)
    if (root.inode.kind !== 'folder') throw new SquashfsDamage('the root is not a folder')
    let level: ListedFolder[] = [{ folder: root, pathBytes: 0 }]
    for (let depth = 0; level.length > 0; depth++) {
      if (depth > maxDepth) throw new SquashfsDamage(`folders are nested deeper than ${maxDepth}`)
      level = level.flatMap((listed) => this.#readFolder(listed))
    }
    return { root, ...this.#tree }
  }

  /** Reads a folder's entries and returns the folders among them. */
  #readFolder({ folder, pathBytes }: ListedFolder): ListedFolder[] {
    const children = new Map<string, Entry>()
    folder.children = children
    for (const { name, reference } of this.#listing(folder)) {
      const oddity = oddName(name) ?? (children.has(name) ? 'is listed twice' : undefined)
      if (oddity) {
        this.#tree.oddities.push({ message: `The name "${printableName(name)}" ${oddity}.`, path: pathOf(folder) })
        continue
      }
      const child = this.#entry(name, folder, reference)
      this.#countNames(pathBytes + name.length + 1 + (child.inode.target?.length ?? 0))
      children.set(name, child)
    }
    const folders = [...children.values()].filter((child) => child.inode.kind === 'folder')
    return folders.map((child) => ({ folder: child, pathBytes: pathBytes + child.name.length + 1 }))
  }

  /** Deep folders repeat their names in every path below them, so few bytes of an image can stand for gigabytes. */
  #countNames(bytes: number): void {
    this.#nameBytes += bytes
    if (this.#nameBytes > maxNameBytes) throw new SquashfsDamage('its paths and links are longer than 64 MiB together')
  }

  #entry(name: string, parent: Entry | undefined, reference: InodeReference): Entry {
    const entry = { name, parent, inode: this.#inode(reference), children: undefined }
    if (entry.inode.kind === 'folder' && this.#seenFolders.has(entry.inode.number))
      throw new SquashfsDamage(`the folder ${printableName(pathOf(entry))} is reached twice`)
    if (entry.inode.kind === 'folder') this.#seenFolders.add(entry.inode.number)
    this.#tree.entries.push(entry)
    if (this.#tree.entries.length > maxEntries) throw new SquashfsDamage(`it lists more than ${maxEntries} entries`)
    return entry
  }

  #inode(reference: InodeReference): Inode {
    const key = reference.blockStart * 65_536 + reference.offset
    const known = this.#known.get(key)
    if (known) return known
    const inode = readInode(this.#inodes, reference, this.#superblock.blockSizeBytes)
    this.#known.set(key, inode)
    return inode
  }

  *#listing(folder: Entry): Generator<{ name: string; reference: InodeReference }> {
    const { listing, sizeBytes } = folder.inode
    if (listing === undefined || sizeBytes <= impliedListingBytes) return
    const blockOffset = this.#directories.offsetOf.get(listing.blockStart)
    const start = (blockOffset ?? Number.POSITIVE_INFINITY) + listing.offset
    const end = start + sizeBytes - impliedListingBytes
    const bytes = this.#directories.bytes
    if (!(end <= bytes.length)) throw new SquashfsDamage(`the listing of ${printableName(pathOf(folder))} is cut off`)
    for (let position = start; position < end; ) {
      if (position + listingHeaderBytes > end) throw new SquashfsDamage('a folder listing ends in a header')
      const count = bytes.readUInt32LE(position) + 1
      const blockStart = bytes.readUInt32LE(position + 4)
      position += listingHeaderBytes
      for (let index = 0; index < count; index++) {
        const nameStart = position + entryHeaderBytes
        const nameEnd = nameStart + (nameStart <= end ? bytes.readUInt16LE(position + 6) + 1 : 1)
        if (nameEnd > end) throw new SquashfsDamage('a folder listing ends in an entry')
        const name = decodeName(bytes.subarray(nameStart, nameEnd))
        yield { name, reference: { blockStart, offset: bytes.readUInt16LE(position) } }
        position = nameEnd
      }
    }
  }
}

function oddName(name: string): string | undefined {
  if (name === '.' || name === '..') return 'stands for another folder'
  if (name.includes('/') || name.includes('\0')) return 'holds a slash or NUL'
  if (Buffer.byteLength(name) > 255 * 3) return 'is longer than 255 bytes'
  return undefined
}

/** Absolute path inside the image, `/` for the root. */
export function pathOf(entry: Entry): string {
  const names: string[] = []
  for (let at: Entry | undefined = entry; at?.parent; at = at.parent) names.push(at.name)
  return `/${names.reverse().join('/')}`
}
