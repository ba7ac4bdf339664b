import { encodeName } from '../squashfs/file-name.ts'
import type { FileData, Inode } from '../squashfs/inode.ts'
import type { Squashfs } from '../squashfs/squashfs.ts'
import type { ImageEntry, ImageTree } from './image-tree.ts'
import { Bytes, capabilityTable, indexed, metadata, storedPlace, words } from './squashfs-tables.ts'

/** What comes behind an image's own data when its tree has changed, and the superblock that leads to it. */
export interface RewrittenSquashfs {
  /** The 96 bytes at the start of the file. */
  superblock: Buffer
  /** Replaces everything from `tailStart` on. */
  tail: Buffer
  tailStart: number
}

const none = 0xffff_ffff
const noTable = 0xffff_ffff_ffff_ffffn
const uncompressedBit = 0x0100_0000
const longestRun = 256
/** Flags of a superblock that no longer hold: the image has no export table, and xattrs only where an entry has one. */
const exportable = 0x0080
const noXattrs = 0x0200

/**
 * Writes the metadata of a changed tree anew, uncompressed, and new contents in front of it; the data of the original image stay as
 * and where they are, so that a variant of an image of 50 MB costs milliseconds (Linux, fs/squashfs/squashfs_fs.h; Documentation/filesystems/squashfs.rst).
 * @param original bytes of the superblock of the original image.
 * @param dataEnd where the data ends that the tree's entries lie in: that of the image, and what was appended to it.
 */
export function rewriteSquashfs(
  image: Squashfs,
  original: Buffer,
  tree: ImageTree,
  dataEnd = image.superblock.inodeTable,
): RewrittenSquashfs {
  return new Rewriter(image, original, tree, dataEnd).write()
}

interface Node {
  name: string
  entry: ImageEntry
  number: number
  parent: Node | undefined
  /** Sorted by the bytes of their names, as the kernel looks them up. */
  children: Node[]
  /** Decoded offset of its inode. */
  offset: number
}

const basicTypes = ['folder', 'file', 'symlink', 'block-device', 'character-device', 'fifo', 'socket'] as const
const typeOf = (entry: ImageEntry): number => basicTypes.indexOf(entry.kind) + 1

class Rewriter {
  readonly #image: Squashfs
  readonly #original: Buffer
  readonly #tree: ImageTree
  readonly #dataEnd: number
  readonly #data = new Bytes()
  readonly #inodes = new Bytes()
  readonly #directories = new Bytes()
  readonly #ids: number[]
  /** Of all that is not a folder, by entry: hard links share number and inode. */
  readonly #numbers = new Map<ImageEntry, number>()
  readonly #offsets = new Map<ImageEntry, number>()
  readonly #linkCounts = new Map<ImageEntry, number>()
  #lastNumber = 0
  #hasXattrs = false

  constructor(image: Squashfs, original: Buffer, tree: ImageTree, dataEnd: number) {
    this.#image = image
    this.#original = original
    this.#tree = tree
    this.#dataEnd = dataEnd
    this.#ids = [...image.ids]
  }

  write(): RewrittenSquashfs {
    const root = this.#nodes()
    this.#writeNode(root)
    const tailStart = this.#dataEnd
    const tail = new Bytes()
    tail.add(this.#data.joined())
    const at = () => tailStart + tail.length
    const inodeTable = at()
    tail.add(metadata(this.#inodes.joined()))
    const directoryTable = at()
    tail.add(metadata(this.#directories.joined()))
    const fragmentTable = this.#image.fragments.length === 0 ? noTable : indexed(tail, at, this.#fragments())
    const idTable = indexed(tail, at, words(this.#ids))
    const xattrTable = this.#hasXattrs ? capabilityTable(tail, at) : noTable
    const bytesUsed = at()
    // mksquashfs pads to the 4 KiB of a loop device's block; a disk of a machine must have whole sectors.
    tail.add(Buffer.alloc((4096 - (bytesUsed % 4096)) % 4096))
    const addresses = [bytesUsed, idTable, xattrTable, inodeTable, directoryTable, fragmentTable, noTable]
    return { superblock: this.#superblock(root, addresses.map(BigInt)), tail: tail.joined(), tailStart }
  }

  #superblock(root: Node, addresses: readonly bigint[]): Buffer {
    const head = Buffer.from(this.#original)
    head.writeUInt32LE(this.#lastNumber, 4)
    const flags = (head.readUInt16LE(24) & ~exportable & ~noXattrs) | (this.#hasXattrs ? 0 : noXattrs)
    head.writeUInt16LE(flags, 24)
    head.writeUInt16LE(this.#ids.length, 26)
    const { blockStart, offset } = storedPlace(root.offset)
    head.writeBigUInt64LE((BigInt(blockStart) << 16n) | BigInt(offset), 32)
    for (const [index, address] of addresses.entries()) head.writeBigUInt64LE(address, 40 + index * 8)
    return head
  }

  /** The tree as nodes, numbered folder by folder so that numbers in one listing are close together. */
  #nodes(): Node {
    const root: Node = { name: '', entry: this.#tree.root, number: 0, parent: undefined, children: [], offset: 0 }
    const byPath = new Map([['', root]])
    const paths = [...this.#tree.entries.keys()].sort(byDepth)
    for (const path of paths) {
      const slash = path.lastIndexOf('/')
      const parent = byPath.get(path.slice(0, slash))
      const entry = this.#tree.entry(path)
      if (parent?.entry.kind !== 'folder') throw new Error(`${path} lies in no folder.`)
      const node: Node = { name: path.slice(slash + 1), entry, number: 0, parent, children: [], offset: 0 }
      parent.children.push(node)
      if (entry.kind === 'folder') byPath.set(path, node)
      else this.#linkCounts.set(entry, (this.#linkCounts.get(entry) ?? 0) + 1)
    }
    this.#number([root])
    return root
  }

  #number(level: readonly Node[]): void {
    for (const node of level) {
      const { entry, children } = node
      node.number = this.#numbers.get(entry) ?? ++this.#lastNumber
      if (entry.kind !== 'folder') this.#numbers.set(entry, node.number)
      children.sort((a, b) => Buffer.compare(encodeName(a.name), encodeName(b.name)))
    }
    for (const { children } of level) if (children.length > 0) this.#number(children)
  }

  /** Writes a node's inode behind those of its children: a listing names the places of inodes. */
  #writeNode(node: Node): void {
    for (const child of node.children) this.#writeNode(child)
    const known = this.#offsets.get(node.entry)
    if (known !== undefined) {
      node.offset = known
      return
    }
    const inode = node.entry.kind === 'folder' ? this.#folderInode(node) : this.#leafInode(node)
    node.offset = this.#inodes.length
    if (node.entry.kind !== 'folder') this.#offsets.set(node.entry, node.offset)
    this.#inodes.add(inode)
  }

  #head(sizeBytes: number, type: number, { entry, number }: Node): Buffer {
    const bytes = Buffer.alloc(sizeBytes)
    bytes.writeUInt16LE(type, 0)
    bytes.writeUInt16LE(entry.permissions, 2)
    bytes.writeUInt16LE(this.#idIndex(entry.userId), 4)
    bytes.writeUInt16LE(this.#idIndex(entry.groupId), 6)
    bytes.writeUInt32LE(entry.modifiedS, 8)
    bytes.writeUInt32LE(number, 12)
    return bytes
  }

  #idIndex(id: number): number {
    const index = this.#ids.indexOf(id)
    return index >= 0 ? index : this.#ids.push(id) - 1
  }

  /** An extended folder inode, which has room for a long listing. */
  #folderInode(node: Node): Buffer {
    const place = storedPlace(this.#directories.length)
    const listing = listingOf(node.children)
    this.#directories.add(listing)
    const bytes = this.#head(40, 8, node)
    bytes.writeUInt32LE(2 + node.children.filter(({ entry }) => entry.kind === 'folder').length, 16)
    bytes.writeUInt32LE(listing.length + 3, 20)
    bytes.writeUInt32LE(place.blockStart, 24)
    bytes.writeUInt32LE(node.parent?.number ?? this.#lastNumber + 1, 28)
    bytes.writeUInt16LE(place.offset, 34)
    bytes.writeUInt32LE(none, 36)
    return bytes
  }

  #leafInode(node: Node): Buffer {
    if (node.entry.kind === 'file') return this.#fileInode(node)
    const { device } = node.entry
    const target = node.entry.kind === 'symlink' ? encodeName(node.entry.target ?? '') : undefined
    const fields = [this.#linkCounts.get(node.entry) ?? 1, ...(device === undefined ? [] : [device])]
    const head = this.#head(16, typeOf(node.entry), node)
    return Buffer.concat([head, words(fields), ...(target ? [words([target.length]), target] : [])])
  }

  #fileInode(node: Node): Buffer {
    const { content = Buffer.alloc(0), hasCapability = false } = node.entry
    const { start, blockSizes, fragment, sizeBytes } = Buffer.isBuffer(content) ? this.#place(content) : placed(content)
    const bytes = this.#head(56, 9, node)
    bytes.writeBigUInt64LE(BigInt(start), 16)
    bytes.writeBigUInt64LE(BigInt(sizeBytes), 24)
    bytes.writeUInt32LE(this.#linkCounts.get(node.entry) ?? 1, 40)
    bytes.writeUInt32LE(fragment?.index ?? none, 44)
    bytes.writeUInt32LE(fragment?.offset ?? 0, 48)
    bytes.writeUInt32LE(hasCapability ? 0 : none, 52)
    this.#hasXattrs ||= hasCapability
    return Buffer.concat([bytes, blockSizes])
  }

  /** New contents are stored as they are, behind the original data. */
  #place(content: Buffer): PlacedContent {
    const data = storedData(this.#dataEnd + this.#data.length, content.length, this.#image.superblock.blockSizeBytes)
    this.#data.add(content)
    return { ...data, sizeBytes: content.length }
  }

  #fragments(): Buffer {
    return Buffer.concat(
      this.#image.fragments.map(({ start, storedBytes, isCompressed }) => {
        const entry = Buffer.alloc(16)
        entry.writeBigUInt64LE(BigInt(start))
        entry.writeUInt32LE(storedBytes | (isCompressed ? 0 : uncompressedBit), 8)
        return entry
      }),
    )
  }
}

/** Where a file lies whose bytes are stored as they are from `start` on. */
export function storedData(start: number, sizeBytes: number, blockSizeBytes: number): FileData {
  const sizes: number[] = []
  for (let at = 0; at < sizeBytes; at += blockSizeBytes)
    sizes.push(Math.min(blockSizeBytes, sizeBytes - at) | uncompressedBit)
  return { start, blockSizes: words(sizes), fragment: undefined }
}

type PlacedContent = FileData & { sizeBytes: number }

function placed({ data, sizeBytes }: Inode): PlacedContent {
  if (data === undefined) throw new Error('A file of the image has no data.')
  return { ...data, sizeBytes }
}

const byDepth = (a: string, b: string): number => a.split('/').length - b.split('/').length

/** Runs of names whose inodes lie in one block, each under a header; numbers are told as differences to the first. */
function listingOf(children: readonly Node[]): Buffer {
  const runs: Node[][] = []
  for (const child of children) {
    const run = runs.at(-1)
    if (run && belongsTo(run, child)) run.push(child)
    else runs.push([child])
  }
  return Buffer.concat(runs.flatMap((run) => [runHeader(run), ...run.map((child) => runEntry(child, run[0] as Node))]))
}

function belongsTo(run: readonly Node[], { number, offset }: Node): boolean {
  const first = run[0] as Node
  const sameBlock = storedPlace(first.offset).blockStart === storedPlace(offset).blockStart
  return run.length < longestRun && sameBlock && Math.abs(number - first.number) < 0x8000
}

function runHeader(run: readonly Node[]): Buffer {
  const { offset, number } = run[0] as Node
  return words([run.length - 1, storedPlace(offset).blockStart, number])
}

function runEntry({ name, entry, number, offset }: Node, first: Node): Buffer {
  const bytes = encodeName(name)
  const head = Buffer.alloc(8)
  head.writeUInt16LE(storedPlace(offset).offset, 0)
  head.writeInt16LE(number - first.number, 2)
  head.writeUInt16LE(typeOf(entry), 4)
  head.writeUInt16LE(bytes.length - 1, 6)
  return Buffer.concat([head, bytes])
}
