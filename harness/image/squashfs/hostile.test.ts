import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { deflatedZeros, type RawInode, type RawName, rawSquashfs } from '../../../fixtures/static/raw-squashfs.ts'
import { SquashfsDamage } from './damage.ts'
import { decompressorOf } from './decompress.ts'
import { openSquashfs, type Squashfs } from './squashfs.ts'
import type { CompressionName } from './superblock.ts'
import { pathOf } from './tree.ts'

const folder = mkdtempSync(join(tmpdir(), 'hostile-'))
afterAll(() => rmSync(folder, { recursive: true }))

function open(bytes: Buffer): Squashfs {
  const path = join(folder, 'hostile.squashfs')
  writeFileSync(path, bytes)
  const image = openSquashfs(path)
  image.close()
  return image
}

const root = (...names: RawName[]): RawInode => ({ type: 'folder', names })
const file: RawInode = { type: 'file' }

describe('a hostile squashfs', () => {
  test('may be written by hand, which the others rest on', () => {
    const { tree } = open(
      rawSquashfs([root({ name: 'a', inode: 1 }, { name: 'b', inode: 2 }), file, root({ name: 'c', inode: 1 })]),
    )
    expect(tree.entries.map(pathOf)).toEqual(['/', '/a', '/b', '/b/c'])
    expect(tree.oddities).toEqual([])
  })

  test.each([
    ['..', 'stands for another folder'],
    ['.', 'stands for another folder'],
    ['../../etc/passwd', 'holds a slash or NUL'],
    ['a\0b', 'holds a slash or NUL'],
  ])('with the name %j has no such entry, and the name is reported', (name, reason) => {
    const { tree } = open(rawSquashfs([root({ name, inode: 1 }, { name: 'good', inode: 1 }), file]))
    expect(tree.entries.map(pathOf)).toEqual(['/', '/good'])
    expect(tree.oddities[0]?.message).toContain(reason)
  })

  test('that lists a name twice has it once', () => {
    const { tree } = open(rawSquashfs([root({ name: 'a', inode: 1 }, { name: 'a', inode: 1 }), file]))
    expect(tree.entries).toHaveLength(2)
    expect(tree.oddities[0]?.message).toContain('listed twice')
  })

  test('whose folder holds its own parent is refused', () => {
    expect(() => open(rawSquashfs([root({ name: 'up', inode: 0 })]))).toThrow(/reached twice/)
  })

  test('whose folders show one another by a shared listing is refused before it grows', () => {
    const width = 40
    const names = Array.from({ length: width }, (_, index) => ({ name: `d${index}`, inode: index + 1 }))
    const folders: RawInode[] = names.map(() => ({ type: 'same-folder', of: 0 }))
    expect(() => open(rawSquashfs([root(...names), ...folders]))).toThrow(/reached twice/)
  })

  test('with over half a million names is refused in bounded time', () => {
    const names = Array.from({ length: 500_001 }, (_, index) => ({ name: index.toString(36), inode: 1 }))
    expect(() => open(rawSquashfs([{ type: 'folder', names }, file]))).toThrow(/more than 500000 entries/)
  })

  test('whose few long folders stand for gigabytes of paths is refused', () => {
    const files = Array.from({ length: 200 }, (_, index) => ({ name: `f${index}`, inode: 2001 }))
    const folders = Array.from({ length: 2000 }, (_, index) =>
      root({ name: 'd'.repeat(200), inode: index + 1 }, ...files),
    )
    expect(() => open(rawSquashfs([...folders, root(), file]))).toThrow(/longer than 64 MiB together/)
  })

  test('whose last inode is its smallest is read', () => {
    const { tree } = open(rawSquashfs([root({ name: 'null', inode: 1 }), { type: 'character-device' }]))
    expect(tree.entries[1]?.inode.kind).toBe('character-device')
  })

  test('with folders nested deeper than a path can be is refused', () => {
    const inodes = Array.from({ length: 2100 }, (_, index) => root({ name: 'd', inode: index + 1 }))
    expect(() => open(rawSquashfs([...inodes, file]))).toThrow(/nested deeper than 2048/)
  })

  test('whose metadata decodes to gigabytes is refused in bounded memory', () => {
    const image = rawSquashfs([root()])
    const zeros = deflatedZeros(8192)
    const header = Buffer.alloc(2)
    header.writeUInt16LE(zeros.length)
    const bomb = Buffer.concat(Array.from({ length: 200_000 }, () => [header, zeros]).flat())
    const moved = Buffer.concat([image, bomb])
    moved.writeBigUInt64LE(BigInt(moved.length), 40)
    moved.writeBigUInt64LE(BigInt(image.length), 64)
    moved.writeBigUInt64LE(BigInt(moved.length), 72)
    expect(() => open(moved)).toThrow(/more than 192 MiB/)
  })

  test('with a file that claims more than its block list holds is refused', () => {
    expect(() => open(rawSquashfs([root({ name: 'a', inode: 1 }), { type: 'file', sizeBytes: 2 ** 50 }]))).toThrow(
      SquashfsDamage,
    )
  })
})

const oneMebibyte = 1024 * 1024

describe('a block', () => {
  test.each<CompressionName>(['gzip', 'zstd', 'xz', 'lzma', 'lz4', 'lzo'])(
    'of %s that is noise is refused',
    (compression) => {
      const noise = Buffer.from(Array.from({ length: 600 }, (_, index) => (index * 7919) % 251))
      expect(() => decompressorOf(compression)(noise, oneMebibyte)).toThrow()
    },
  )

  test('that decodes to more than allowed is refused while it decodes', () => {
    expect(() => decompressorOf('gzip')(deflatedZeros(64 * oneMebibyte), 8192)).toThrow()
  })

  test('of lz4 cannot copy from before its start', () => {
    // One literal, then a match ten bytes back.
    expect(() => decompressorOf('lz4')(Buffer.from([0x10, 0x61, 10, 0, 0x00]), 100)).toThrow(RangeError)
  })
})
