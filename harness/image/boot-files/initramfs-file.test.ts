import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { tinyElf } from '../../../fixtures/static/tiny-elf.ts'
import { CallFault } from '../../model/faults.ts'
import { writeCpio } from '../../recipes/cpio-archive.ts'
import { samplePackings } from '../../recipes/sample-packings.ts'
import { readInitramfsFile } from './initramfs-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'initramfs-file-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: Uint8Array): string {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

const archiveFor = (machine: number): Buffer =>
  writeCpio([
    { path: 'bin', kind: 'directory', mode: 0o755 },
    { path: 'bin/sh', kind: 'file', mode: 0o755, contents: tinyElf({ machine }) },
    { path: 'a', kind: 'file', mode: 0o644, contents: Buffer.from('first, and no program') },
  ])

/** Packings that the harness unpacks itself; the kernel knows the others. */
const unpacked = ['nothing', 'gzip', 'zstd', 'xz', 'lzma']

describe('an initramfs', () => {
  test.each(Object.entries(samplePackings))('packed with %s is recognised', async (packing, pack) => {
    const path = file(packing, await pack(archiveFor(183)))
    expect(await readInitramfsFile(path)).toEqual({ path, arch: unpacked.includes(packing) ? 'aarch64' : undefined })
  })

  test('without a program is for any architecture', async () => {
    const path = file('empty', gzipSync(writeCpio([])))
    expect(await readInitramfsFile(path)).toEqual({ path, arch: undefined })
  })

  test.each([
    ['a text', Buffer.from('no initramfs'), 'it is not a cpio archive, compressed or plain.'],
    ['a packed tar archive', gzipSync(Buffer.alloc(1024, 'ustar')), 'it does not unpack to a cpio archive.'],
    ['a broken gzip file', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4]), 'it does not unpack to a cpio archive.'],
  ])('%s is none', async (name, content, reason) => {
    const path = file(name.replaceAll(' ', '-'), content)
    await expect(readInitramfsFile(path)).rejects.toThrow(new CallFault(`${path} is not an initramfs: ${reason}`))
  })

  test('of any bytes behind the first is read to an end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (rest) => {
        const path = file('any', Buffer.concat([archiveFor(62).subarray(0, 200), rest]))
        expect(['x86_64', 'aarch64', undefined]).toContain((await readInitramfsFile(path)).arch)
      }),
    )
  })
})
