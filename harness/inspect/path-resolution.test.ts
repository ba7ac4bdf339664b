import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type RawInode, type RawName, rawSquashfs } from '../../fixtures/static/raw-squashfs.ts'
import { openSquashfs } from '../image/squashfs/squashfs.ts'
import { FileTree } from './file-tree.ts'

const folder = mkdtempSync(join(tmpdir(), 'path-resolution-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A tree with a folder `/d` that holds a file `f`, and links at the root. */
function treeOf(links: Record<string, string>): FileTree {
  const names: RawName[] = Object.keys(links).map((name, index) => ({ name, inode: index + 3 }))
  const inodes: RawInode[] = [
    { type: 'folder', names: [{ name: 'd', inode: 1 }, ...names] },
    { type: 'folder', names: [{ name: 'f', inode: 2 }] },
    { type: 'file' },
    ...Object.values(links).map((target): RawInode => ({ type: 'link', target })),
  ]
  const path = join(folder, 'image.squashfs')
  writeFileSync(path, rawSquashfs(inodes))
  const squashfs = openSquashfs(path)
  squashfs.close()
  return new FileTree(squashfs.tree, squashfs.content)
}

const chain = (length: number, end: string) =>
  Object.fromEntries(Array.from({ length }, (_, index) => [`l${index}`, index === 0 ? end : `l${index - 1}`]))

describe('a path resolves inside the image as its kernel would do it', () => {
  test.each([
    ['/d/f', '/d/f'],
    ['/absolute', '/d/f'],
    ['/up', '/d/f'],
    ['/to-folder/f', '/d/f'],
    ['//d/./../d/f', '/d/f'],
    ['/to-folder/../to-folder/f', '/d/f'],
    ['/../../..', '/'],
  ])('%s is %s', (path, real) => {
    const tree = treeOf({ absolute: '/d/f', up: '../../d/f', 'to-folder': 'd' })
    expect(tree.resolve(path)).toMatchObject({ path: real })
    expect(tree.resolve(path).problem).toBeUndefined()
  })

  test.each([
    ['/none/f', 'missing', '/none'],
    ['/dangling', 'missing', '/d/none'],
    ['/d/f/x', 'not-a-folder', '/d/f'],
    ['/through', 'not-a-folder', '/d/f'],
  ])('%s breaks off: %s at %s', (path, problem, at) => {
    expect(treeOf({ dangling: 'd/none', through: 'd/f/x' }).resolve(path)).toEqual({ problem, path: at })
  })

  test('a link that leads to itself, at once or through others, is a loop however it is reached', () => {
    const tree = treeOf({ self: 'self', a: 'b', b: 'c/x', c: '/a', outside: 'b' })
    for (const path of ['/self', '/a', '/b', '/c', '/outside', '/a/x'])
      expect(tree.resolve(path).problem, path).toBe('loop')
  })

  test('40 links are followed and 41 are not, in whichever order they are asked for', () => {
    for (const paths of [
      ['/l39', '/l40'],
      ['/l40', '/l39'],
    ]) {
      const tree = treeOf(chain(41, 'd/f'))
      const problems = Object.fromEntries(paths.map((path) => [path, tree.resolve(path).problem]))
      expect(problems).toEqual({ '/l39': undefined, '/l40': 'loop' })
    }
  })

  test('a chain of many links is walked once, however many of its links are asked for', () => {
    const tree = treeOf(chain(20_000, 'd/f'))
    const problems = tree.entries.toReversed().map((entry) => tree.resolve(`/${entry.name}`).problem)
    expect(problems.filter((problem) => problem === 'loop')).toHaveLength(20_000 - 40)
  })

  test('the last link may be left as it is', () => {
    const tree = treeOf({ link: 'd', twice: 'link' })
    expect(tree.resolve('/twice', { followLast: false }).entry?.name).toBe('twice')
    expect(tree.resolve('/link/f', { followLast: false }).entry?.name).toBe('f')
  })
})
