import type { ContentReader } from '../image/squashfs/content.ts'
import { SquashfsDamage } from '../image/squashfs/damage.ts'
import type { Entry, Tree } from '../image/squashfs/tree.ts'
import { PathResolver, type Resolution } from './path-resolution.ts'

/** Text files of an image are configuration, scripts and certificates, of which a bundle with comments takes half of this. */
const maxTextBytes = 1024 * 1024

/** The image's files as its own kernel would see them: all links resolve inside the image, `..` stops at the root. */
export class FileTree {
  readonly root: Entry
  readonly entries: readonly Entry[]
  readonly #content: ContentReader
  readonly #paths: PathResolver

  constructor(tree: Tree, content: ContentReader) {
    this.root = tree.root
    this.entries = tree.entries
    this.#content = content
    this.#paths = new PathResolver(tree.root)
  }

  /** Follows all links, or with `followLast: false` all but one in the last place (as lstat(2)). */
  resolve(path: string, { followLast = true, from = this.root } = {}): Resolution {
    return this.#paths.resolve(path, from, followLast)
  }

  /** The entry a path leads to, all links followed; undefined where it leads nowhere. */
  find(path: string): Entry | undefined {
    return this.resolve(path).entry
  }

  isFolder(path: string): boolean {
    return this.find(path)?.inode.kind === 'folder'
  }

  /** A regular file, by way of links if need be. */
  findFile(path: string): Entry | undefined {
    const entry = this.find(path)
    return entry?.inode.kind === 'file' ? entry : undefined
  }

  /** Root runs a file when any execute bit is set (path_resolution(7), "Permissions"). */
  isExecutable(path: string): boolean {
    return ((this.findFile(path)?.inode.permissions ?? 0) & 0o111) !== 0
  }

  /** Names in a folder, sorted; none where it is no folder. */
  list(path: string): Entry[] {
    const children = this.find(path)?.children
    return children ? [...children.values()].sort((a, b) => (a.name < b.name ? -1 : 1)) : []
  }

  /** Up to `lengthBytes` of a file's content. */
  read(entry: Entry, offset: number, lengthBytes: number): Buffer {
    return this.#content.read(entry.inode, offset, lengthBytes)
  }

  /** The same, but undefined where the data is damaged, which the check that decodes all data reports. */
  readIfWhole(entry: Entry, offset: number, lengthBytes: number): Buffer | undefined {
    try {
      return this.read(entry, offset, lengthBytes)
    } catch (error) {
      if (error instanceof SquashfsDamage) return undefined
      throw error
    }
  }

  /** A text file's content by way of links; undefined where there is no such file, it is damaged or longer than 1 MiB. */
  text(path: string): string | undefined {
    const entry = this.findFile(path)
    if (entry === undefined || entry.inode.sizeBytes > maxTextBytes) return undefined
    return this.readIfWhole(entry, 0, maxTextBytes)?.toString('utf8')
  }
}
