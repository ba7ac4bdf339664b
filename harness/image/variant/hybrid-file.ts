import { closeSync, copyFileSync, openSync, writeSync } from 'node:fs'
import type { ArchitectureName } from '../../model/architecture.ts'
import type { Squashfs } from '../squashfs/squashfs.ts'
import { type ImageEntry, ImageTree, readEntries } from './image-tree.ts'
import { type RewrittenSquashfs, rewriteSquashfs, storedData } from './rewrite-squashfs.ts'
import { readSuperblock, writeRewritten } from './variant-file.ts'

/** Read in parts, so that a file of any size takes little memory. */
const partBytes = 4 * 1024 * 1024

/** An open image with the path of its file. */
export interface ImageSource {
  path: string
  squashfs: Squashfs
}

/**
 * A working copy of one image with contents of another appended to its data, once. It becomes each mixture of the two in turn: only
 * its superblock and its metadata are written anew, which takes milliseconds.
 */
export class HybridFile {
  readonly path: string
  readonly #base: ImageSource
  readonly #arch: ArchitectureName
  readonly #superblock: Buffer
  readonly #entries: ReadonlyMap<string, ImageEntry>
  #dataEnd: number

  /** @param path of the working copy, which is made and replaced. */
  constructor(base: ImageSource, arch: ArchitectureName, path: string) {
    this.#base = base
    this.#arch = arch
    this.path = path
    this.#superblock = readSuperblock(base.path)
    this.#entries = readEntries(base.squashfs)
    this.#dataEnd = base.squashfs.superblock.inodeTable
    copyFileSync(base.path, path)
  }

  /** Appends what the other image has at these paths. Returns entries for it by path, hard links as one entry. */
  append(other: Squashfs, paths: Iterable<string>): Map<string, ImageEntry> {
    const entries = readEntries(other)
    const appended = new Map<ImageEntry, ImageEntry>()
    const found = new Map<string, ImageEntry>()
    const file = openSync(this.path, 'r+')
    try {
      for (const path of paths) {
        const entry = entries.get(path)
        if (entry === undefined) continue
        const known = appended.get(entry) ?? this.#append(file, other, entry)
        appended.set(entry, known)
        found.set(path, known)
      }
    } finally {
      closeSync(file)
    }
    return found
  }

  /** Makes the working copy the base image whose tree was changed so. */
  become(change: (tree: ImageTree) => void): void {
    const tree = new ImageTree(this.#base.squashfs, this.#arch, this.#entries)
    change(tree)
    writeRewritten(this.path, this.#rewritten(tree))
  }

  #rewritten(tree: ImageTree): RewrittenSquashfs {
    return rewriteSquashfs(this.#base.squashfs, this.#superblock, tree, this.#dataEnd)
  }

  /** Contents are stored as they are: the two images may be compressed in different ways. */
  #append(file: number, other: Squashfs, entry: ImageEntry): ImageEntry {
    const { content } = entry
    if (content === undefined || Buffer.isBuffer(content)) return entry
    const data = storedData(this.#dataEnd, content.sizeBytes, this.#base.squashfs.superblock.blockSizeBytes)
    for (let offset = 0; offset < content.sizeBytes; offset += partBytes) {
      const part = other.content.read(content, offset, partBytes)
      writeSync(file, part, 0, part.length, this.#dataEnd + offset)
    }
    this.#dataEnd += content.sizeBytes
    return { ...entry, content: { ...content, data } }
  }
}
