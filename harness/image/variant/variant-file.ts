import {
  closeSync,
  copyFileSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import type { ArchitectureName } from '../../model/architecture.ts'
import { storedBlock } from '../squashfs/content.ts'
import { openSquashfs, type Squashfs } from '../squashfs/squashfs.ts'
import { superblockBytes } from '../squashfs/superblock.ts'
import { pathOf } from '../squashfs/tree.ts'
import { type ImageEntry, ImageTree, readEntries } from './image-tree.ts'
import { type RewrittenSquashfs, rewriteSquashfs } from './rewrite-squashfs.ts'

/**
 * One image and one working copy of it, which becomes each variant in turn: only its superblock and what lies behind its data are
 * written anew.
 */
export class VariantFile {
  readonly #arch: ArchitectureName
  readonly #originalPath: string
  readonly #path: string
  readonly #image: Squashfs
  readonly #superblock: Buffer
  readonly #entries: ReadonlyMap<string, ImageEntry>
  /** Tells whether the data of the working copy are those of the original. */
  #isWhole = false

  /** @param path of the working copy, which is made and replaced. */
  constructor(originalPath: string, arch: ArchitectureName, path: string) {
    this.#originalPath = originalPath
    this.#arch = arch
    this.#path = path
    this.#image = openSquashfs(originalPath)
    this.#superblock = readSuperblock(originalPath)
    this.#entries = readEntries(this.#image)
  }

  /** Makes the working copy the image whose tree was changed so, and returns its path. */
  withTree(change: (tree: ImageTree) => void): string {
    const tree = new ImageTree(this.#image, this.#arch, this.#entries)
    change(tree)
    const rewritten = rewriteSquashfs(this.#image, this.#superblock, tree)
    if (!this.#isWhole) copyFileSync(this.#originalPath, this.#path)
    this.#isWhole = true
    writeRewritten(this.#path, rewritten)
    return this.#path
  }

  /** Makes the working copy these bytes, got from the original's, and returns its path. */
  withBytes(change: (image: Buffer, middleOf: (path: string) => number) => Buffer): string {
    this.#isWhole = false
    writeFileSync(
      this.#path,
      change(readFileSync(this.#originalPath), (path) => this.#middleOf(path)),
    )
    return this.#path
  }

  /** Offset in the squashfs of the block in the middle of a file. */
  #middleOf(path: string): number {
    const data = this.#image.tree.entries.find((entry) => pathOf(entry) === path)?.inode.data
    if (data === undefined || data.blockSizes.length === 0) throw new Error(`The image has no data blocks of ${path}.`)
    const middle = Math.floor(data.blockSizes.length / 8)
    const sizes = Array.from({ length: middle }, (_, index) => data.blockSizes.readUInt32LE(index * 4))
    return sizes.reduce((offset, size) => offset + storedBlock(0, size).storedBytes, data.start)
  }

  close(): void {
    this.#image.close()
  }
}

/** Puts another tree into a copy of the image that it was made of. */
export function writeRewritten(path: string, { superblock, tail, tailStart }: RewrittenSquashfs): void {
  const file = openSync(path, 'r+')
  try {
    writeSync(file, superblock, 0, superblock.length, 0)
    writeSync(file, tail, 0, tail.length, tailStart)
    ftruncateSync(file, tailStart + tail.length)
  } finally {
    closeSync(file)
  }
}

/** The bytes of an image's superblock. */
export function readSuperblock(path: string): Buffer {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(superblockBytes)
    readSync(file, bytes, 0, superblockBytes, 0)
    return bytes
  } finally {
    closeSync(file)
  }
}
