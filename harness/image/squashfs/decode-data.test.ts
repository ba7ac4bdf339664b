import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeAllData } from './decode-data.ts'
import { openSquashfs, type Squashfs } from './squashfs.ts'

const folder = mkdtempSync(join(tmpdir(), 'decode-data-'))
const path = join(folder, 'image.squashfs')
const blockBytes = 4096
const fileCount = 300
let image: Squashfs

/** Files of two blocks each, enough for several turns of several threads. */
beforeAll(() => {
  mkdirSync(join(folder, 'tree'))
  for (let index = 0; index < fileCount; index++)
    writeFileSync(join(folder, 'tree', `file-${index}`), randomBytes(blockBytes).toString('hex'))
  const args = ['-noappend', '-quiet', '-no-progress', '-b', '4K', '-no-fragments', '-comp', 'zstd']
  execFileSync('mksquashfs', [join(folder, 'tree'), path, ...args], { stdio: 'ignore' })
  image = openSquashfs(path)
})
afterAll(() => {
  image.close()
  rmSync(folder, { recursive: true })
})

/** Where the first block of each file lies, in the order of the image. */
const firstBlocks = (): number[] =>
  image.tree.entries.flatMap(({ inode }) => (inode.data ? [inode.data.start] : [])).toSorted((a, b) => a - b)

/** Overwrites what says how a block is compressed (RFC 8878, magic number). */
function damageBlocks(starts: readonly number[]): void {
  const file = openSync(path, 'r+')
  for (const start of starts) writeSync(file, Buffer.alloc(4, 0xff), 0, 4, start)
  closeSync(file)
}

const decode = () => decodeAllData(image, path, new AbortController().signal)

describe('the data of an image', () => {
  test('is decoded block by block', async () => {
    expect(await decode()).toEqual({ blockCount: 2 * fileCount, damage: [] })
  })

  test('is not decoded again where it is read meanwhile', async () => {
    const entry = image.tree.entries.find(({ inode }) => inode.data) as Squashfs['tree']['entries'][number]
    const decoding = decode()
    image.content.read(entry.inode, 0, blockBytes)
    damageBlocks([(entry.inode.data as { start: number }).start])
    expect((await decoding).damage).toEqual([])
    expect((await decode()).damage).toMatchObject([{ path: `/${entry.name}` }])
  })

  test('is decoded once, however often it is read', () => {
    const decoded: number[] = []
    image.content.onDecoded = (start) => decoded.push(start)
    for (let repeat = 0; repeat < 2; repeat++)
      for (const { inode } of image.tree.entries) image.content.read(inode, 0, inode.sizeBytes)
    expect(decoded.length).toBeGreaterThan(fileCount)
    expect(new Set(decoded).size).toBe(decoded.length)
  })

  test('is described, where it is damaged, by its last 20 blocks, the same every time', async () => {
    const damaged = firstBlocks().filter((_, index) => index % 3 === 0)
    damageBlocks(damaged)
    for (let repeat = 0; repeat < 3; repeat++) {
      const { damage } = await decode()
      expect(damage.map(({ message }) => Number(/at byte (\d+)/.exec(message)?.[1]))).toEqual(damaged.slice(-20))
      expect(damage.every(({ path: owner }) => owner?.startsWith('/file-'))).toBe(true)
    }
  })
})
