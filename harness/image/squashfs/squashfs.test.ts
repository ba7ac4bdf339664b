import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { squashfsOf } from '../../../fixtures/static/tiny-image.ts'
import { decodeAllData } from './decode-data.ts'
import { openSquashfs, type Squashfs } from './squashfs.ts'
import { type Entry, pathOf } from './tree.ts'

const folder = mkdtempSync(join(tmpdir(), 'squashfs-'))
const source = join(folder, 'source')
const blockBytes = 131_072
const textOf = (lines: number) => Array.from({ length: lines }, (_, index) => `line ${index}\n`).join('')

/** Contents by path; the source folder is made of them. */
const contents: Record<string, Buffer> = {
  '/empty': Buffer.alloc(0),
  '/small': Buffer.from('small\n'),
  '/one-block': Buffer.alloc(blockBytes, 'x'),
  '/many-blocks': Buffer.from(textOf(80_000)),
  '/random': randomBytes(300_001),
  '/zeros-and-end': Buffer.concat([Buffer.alloc(3 * blockBytes), Buffer.from('end')]),
  '/deep/er/still': Buffer.from('deep'),
}

beforeAll(() => {
  for (const [path, content] of Object.entries(contents)) {
    mkdirSync(join(source, path, '..'), { recursive: true })
    writeFileSync(join(source, path), content)
  }
  for (let index = 0; index < 600; index++) writeFileSync(join(source, `/deep/file-${index}`), textOf(index % 50))
  linkSync(join(source, 'small'), join(source, 'small-again'))
  symlinkSync('../deep/er', join(source, 'link'))
  symlinkSync('x'.repeat(4000), join(source, 'long-link'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function makeImage(name: string, ...args: string[]): Squashfs & { path: string } {
  const path = join(folder, name)
  execFileSync('mksquashfs', [source, path, '-noappend', '-quiet', '-no-progress', ...args], { stdio: 'ignore' })
  return { ...openSquashfs(path), path }
}

function entryAt(image: Squashfs, path: string): Entry {
  const entry = image.tree.entries.find((each) => pathOf(each) === path)
  if (entry === undefined) throw new Error(`${path} is not in the image`)
  return entry
}

const compressions = ['gzip', 'xz', 'zstd', 'lz4', 'lzo', 'lzma']
const variants = [
  ...compressions.map((compression) => ['-comp', compression]),
  ['-comp', 'xz', '-Xbcj', 'x86'],
  ['-comp', 'lz4', '-Xhc'],
  ['-comp', 'lzo', '-Xalgorithm', 'lzo1x_1'],
  ['-b', '4K'],
  ['-b', '1M', '-no-fragments', '-no-exports', '-no-xattrs'],
  ['-noI', '-noD', '-noF', '-noX', '-always-use-fragments'],
  ['-no-duplicates', '-no-sparse'],
]

describe('a squashfs', () => {
  test.each(variants)('made with %s %s %s reads back as it was', async (...args) => {
    const image = makeImage('variant.squashfs', ...args)
    for (const [path, content] of Object.entries(contents)) {
      const { inode } = entryAt(image, path)
      const read = image.content.read(inode, 0, content.length + 1)
      expect(createHash('sha256').update(read).digest('hex'), path).toBe(
        createHash('sha256').update(content).digest('hex'),
      )
    }
    expect(image.content.read(entryAt(image, '/many-blocks').inode, blockBytes - 3, 6)).toEqual(
      contents['/many-blocks']?.subarray(blockBytes - 3, blockBytes + 3),
    )
    expect(image.tree.entries.length).toBe(image.superblock.inodeCount + 1)
    expect(await decodeAllData(image, image.path, new AbortController().signal)).toMatchObject({ damage: [] })
    image.close()
  })

  test('tells hard links, links, folders and their attributes', () => {
    const image = makeImage('attributes.squashfs', '-force-uid', '1000', '-force-gid', '42', '-all-time', '1234567890')
    expect(entryAt(image, '/small-again').inode).toBe(entryAt(image, '/small').inode)
    expect(entryAt(image, '/small').inode.linkCount).toBe(2)
    expect(entryAt(image, '/link').inode.target?.toString()).toBe('../deep/er')
    expect(entryAt(image, '/long-link').inode.target).toHaveLength(4000)
    const { inode } = entryAt(image, '/deep/er')
    expect([inode.kind, inode.modifiedS]).toEqual(['folder', 1_234_567_890])
    expect([image.ids[inode.userIndex], image.ids[inode.groupIndex]]).toEqual([1000, 42])
    image.close()
  })

  test('tells devices, pipes, modes and capabilities', async () => {
    const path = await squashfsOf(
      join(folder, 'kinds.squashfs'),
      new Map([
        ['/null', { type: 'character-device' }],
        ['/vda', { type: 'block-device' }],
        ['/pipe', { type: 'fifo' }],
        ['/su', { type: 'file', content: 'x', mode: 0o6755, capabilities: true }],
      ]),
    )
    const image = openSquashfs(path)
    const kinds = ['/null', '/vda', '/pipe', '/su'].map((each) => entryAt(image, each).inode.kind)
    expect(kinds).toEqual(['character-device', 'block-device', 'fifo', 'file'])
    const { permissions, xattrIndex } = entryAt(image, '/su').inode
    expect(permissions).toBe(0o6755)
    expect(image.xattrs.names(xattrIndex ?? -1)).toEqual(['security.capability'])
    image.close()
  })

  test('keeps every name exact: line breaks, escapes, blanks, bytes that are no UTF-8, 255 bytes', () => {
    const odd = join(folder, 'odd')
    const names = ['line\nbreak', 'back\\slash', ' blank ', '\x1b[31mred', '日本', 'x'.repeat(255)].map((name) =>
      Buffer.from(name),
    )
    names.push(Buffer.from([0x66, 0xff, 0xfe]))
    mkdirSync(odd)
    for (const name of names) writeFileSync(Buffer.concat([Buffer.from(`${odd}/`), name]), name)
    const path = join(folder, 'odd.squashfs')
    execFileSync('mksquashfs', [odd, path, '-noappend', '-quiet', '-no-progress'], { stdio: 'ignore' })
    const image = openSquashfs(path)
    const files = image.tree.entries.filter(({ inode }) => inode.kind === 'file')
    expect(new Set(files.map(({ name }) => name)).size).toBe(names.length)
    // Each file holds its own name.
    for (const { name, inode } of files) {
      const bytes = image.content.read(inode, 0, 300)
      const escaped = [...name].map((unit) => unit.charCodeAt(0)).some((code) => code >= 0xdc80 && code < 0xdd00)
      expect(escaped ? Buffer.from([...name].map((unit) => unit.charCodeAt(0) & 0xff)) : Buffer.from(name)).toEqual(
        bytes,
      )
    }
    image.close()
  })

  test('with a file of a gibibyte of nothing opens at once and reads zeros anywhere', async () => {
    const sparse = join(folder, 'sparse')
    mkdirSync(sparse)
    writeFileSync(join(sparse, 'huge'), '')
    truncateSync(join(sparse, 'huge'), 2 ** 30)
    const path = join(folder, 'sparse.squashfs')
    execFileSync('mksquashfs', [sparse, path, '-noappend', '-quiet', '-no-progress', '-b', '1M'], { stdio: 'ignore' })
    const image = openSquashfs(path)
    const { inode } = entryAt(image, '/huge')
    expect(inode.sizeBytes).toBe(2 ** 30)
    expect(image.content.read(inode, 2 ** 29 + 7, 10)).toEqual(Buffer.alloc(10))
    expect(await decodeAllData(image, path, new AbortController().signal)).toEqual({ blockCount: 0, damage: [] })
    image.close()
  })
})
