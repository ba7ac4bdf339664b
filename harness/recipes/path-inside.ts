import { lstat, readlink } from 'node:fs/promises'
import { join } from 'node:path'

/** As many links as the kernel follows in one path (path_resolution(7)). */
const maxLinks = 40

/**
 * Resolves a path as it would be with `tree` as the root: absolute links lead into the tree, and none leads out of it.
 * Returns the path below `tree` (without a leading slash), or undefined where nothing is there.
 */
export async function pathInside(tree: string, path: string): Promise<string | undefined> {
  let resolved: string[] = []
  const awaited = path.split('/')
  for (let links = 0; awaited.length > 0; ) {
    const name = awaited.shift() ?? ''
    if (name === '' || name === '.') continue
    if (name === '..') {
      resolved.pop()
      continue
    }
    const here = join(tree, ...resolved, name)
    const kind = await lstat(here).catch(() => undefined)
    if (!kind) return undefined
    if (!kind.isSymbolicLink()) {
      resolved.push(name)
      continue
    }
    if (++links > maxLinks) return undefined
    const target = await readlink(here)
    if (target.startsWith('/')) resolved = []
    awaited.unshift(...target.split('/'))
  }
  return resolved.join('/')
}
