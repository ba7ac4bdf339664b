import { decodeName } from '../image/squashfs/file-name.ts'
import { type Entry, pathOf } from '../image/squashfs/tree.ts'

/** What a path leads to: an entry with its real path, or why it leads nowhere and where it broke off. */
export type Resolution =
  | { entry: Entry; path: string; problem?: undefined }
  | { entry?: undefined; path: string; problem: 'missing' | 'loop' | 'not-a-folder' }

/** Linux gives up after 40 links (path_resolution(7)). */
const maxLinks = 40

/** A path on its way through the tree. */
interface Walk {
  /** The link whose target it is; undefined for the path that was asked for. */
  link: Entry | undefined
  /** Names that are still to be looked up, the next one last. */
  names: string[]
  at: Entry
  /** Links that were followed, those inside of links too. */
  linkCount: number
  broken?: Break
}

/** Where and why a walk broke off: at an entry, or at a name that its folder does not have. */
interface Break {
  at: Entry
  name: string | undefined
  problem: 'missing' | 'loop' | 'not-a-folder'
}

/** What a link led to; paths are left to be made when they are asked for, since a million links may lead to one deep folder. */
interface Followed {
  at: Entry
  broken: Break | undefined
  linkCount: number
}

/**
 * Resolves paths as the image's own kernel would. Each link is followed once and remembered, so that links to links cost
 * no more than their names, however many there are.
 */
export class PathResolver {
  readonly #root: Entry
  readonly #followed = new Map<Entry, Followed>()

  constructor(root: Entry) {
    this.#root = root
  }

  /** Follows all links, or with `followLast` false all but one in the last place. */
  resolve(path: string, from: Entry, followLast: boolean): Resolution {
    const walks = [this.#walkAlong(undefined, path, from)]
    const waiting = new Set<Entry>()
    let followed: Followed | undefined
    for (let walk = walks.at(-1); walk !== undefined; walk = walks.at(-1)) {
      if (followed) resume(walk, followed)
      const link = nextLink(walk, followLast || walk.link !== undefined)
      if (link === undefined) {
        followed = { at: walk.at, broken: walk.broken, linkCount: walk.linkCount }
        if (walk.link) this.#followed.set(walk.link, followed)
        walks.pop()
        continue
      }
      // A link that waits for its own end leads back to itself.
      followed = waiting.has(link) ? (this.#followed.get(link) ?? loopAt(link)) : this.#followed.get(link)
      if (followed) continue
      waiting.add(link)
      walks.push(this.#walkAlong(link, linkTarget(link), walk.at))
    }
    return described(followed as Followed)
  }

  #walkAlong(link: Entry | undefined, path: string, from: Entry): Walk {
    return { link, names: path.split('/').reverse(), at: path.startsWith('/') ? this.#root : from, linkCount: 0 }
  }
}

/** Looks up names until one is a link to follow, and returns that; undefined at the path's end, and where it breaks off. */
function nextLink(walk: Walk, followLast: boolean): Entry | undefined {
  if (walk.broken) return undefined
  for (let name = walk.names.pop(); name !== undefined; name = walk.names.pop()) {
    if (name === '' || name === '.') continue
    const next = walk.at.children && (name === '..' ? (walk.at.parent ?? walk.at) : walk.at.children.get(name))
    if (next === undefined) {
      walk.broken = walk.at.children
        ? { at: walk.at, name, problem: 'missing' }
        : { at: walk.at, name: undefined, problem: 'not-a-folder' }
      return undefined
    }
    if (next.inode.kind === 'symlink' && (followLast || !isAtEnd(walk))) return next
    walk.at = next
  }
  return undefined
}

const isAtEnd = ({ names }: Walk): boolean => names.every((rest) => rest === '' || rest === '.')

/** Goes on where a link led. */
function resume(walk: Walk, { at, broken, linkCount }: Followed): void {
  walk.linkCount += linkCount + 1
  if (walk.linkCount > maxLinks) walk.broken = { at, name: undefined, problem: 'loop' }
  else if (broken) walk.broken = broken
  else walk.at = at
}

const loopAt = (link: Entry): Followed => ({
  at: link,
  broken: { at: link, name: undefined, problem: 'loop' },
  linkCount: 0,
})

function described({ at, broken }: Followed): Resolution {
  if (broken === undefined) return { entry: at, path: pathOf(at) }
  const path = broken.name === undefined ? pathOf(broken.at) : `${pathOf(broken.at).replace(/\/$/, '')}/${broken.name}`
  return { path, problem: broken.problem }
}

/** A symbolic link's target as stored; empty for anything else. */
export const linkTarget = (entry: Entry): string => (entry.inode.target ? decodeName(entry.inode.target) : '')
