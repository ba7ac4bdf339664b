import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { readKernelFile } from './kernel-file.ts'
import { sampleArm64Image, sampleBzImage } from './sample-kernels.ts'

const folder = mkdtempSync(join(tmpdir(), 'kernel-file-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: Uint8Array | string): string {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

describe('readKernelFile', () => {
  test('recognises a bzImage and its release', async () => {
    const path = file('bzImage', sampleBzImage('6.12.57+deb13-amd64 (builder@host) #1 SMP'))
    expect(await readKernelFile(path)).toEqual({ path, arch: 'x86_64', version: '6.12.57+deb13-amd64' })
  })

  test.each([
    ['plain', (image: Buffer) => image],
    ['gzip-ed', (image: Buffer) => gzipSync(image)],
  ])('recognises a %s arm64 Image and its release, not the format string before it', async (name, pack) => {
    const path = file(
      name,
      pack(sampleArm64Image('Linux version %s (%s)\0Linux version 6.6.21-yocto-standard (oe@host)')),
    )
    expect(await readKernelFile(path)).toEqual({ path, arch: 'aarch64', version: '6.6.21-yocto-standard' })
  })

  test('finds a release that lies across two reads', async () => {
    const readBytes = 64 * 1024
    const path = file('across', sampleArm64Image('Linux version 6.1.0 (a)', readBytes - 0x40 - 16))
    expect(await readKernelFile(path)).toMatchObject({ version: '6.1.0' })
  })

  test('a kernel that names no release has an unknown one', async () => {
    expect(await readKernelFile(file('silent', sampleArm64Image('')))).toMatchObject({ version: 'unknown' })
    expect(await readKernelFile(file('strange', sampleBzImage('\u001b[31m')))).toMatchObject({ version: 'unknown' })
  })

  test.each([
    ['a text', 'root:x:0:0:root:/root:/bin/sh\n'.repeat(100)],
    ['a gzip-ed text', gzipSync('no kernel'.repeat(100))],
    ['a broken gzip file', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9])],
    [
      'a boot sector without kernel',
      Buffer.concat([Buffer.alloc(0x1fe), Buffer.from([0x55, 0xaa]), Buffer.alloc(512)]),
    ],
  ])('%s is no kernel', async (name, content) => {
    const path = file(name.replaceAll(' ', '-'), content)
    await expect(readKernelFile(path)).rejects.toMatchObject({
      name: 'CallFault',
      message: `${path} is not a kernel that runners can start: it is neither an x86_64 bzImage nor an arm64 Image.`,
    })
  })

  test.each([
    ['zboot', 'MZ\0\0zimg', /unpacks itself under EFI \(zboot\)/],
    ['unified', 'MZ\x90\0\0\0\0\0', /unified kernel image/],
    ['vmlinux', '\x7fELF\x02\x01', /ELF file \(vmlinux\)/],
    ['uImage', '\x27\x05\x19\x56\0\0', /U-Boot/],
  ])('a kernel in another form, %s, is named as that', async (name, start, words) => {
    const path = file(name, Buffer.concat([Buffer.from(start, 'latin1'), Buffer.alloc(1024)]))
    await expect(readKernelFile(path)).rejects.toMatchObject({
      name: 'CallFault',
      message: expect.stringMatching(words),
    })
  })

  test('a missing file, a folder and an empty file are each named', async () => {
    mkdirSync(join(folder, 'sub'))
    const message = (path: string) => readKernelFile(path).catch((error: Error) => error.message)
    expect(await message(join(folder, 'none'))).toBe(`The kernel ${folder}/none does not exist.`)
    expect(await message(join(folder, 'sub'))).toBe(`The kernel ${folder}/sub is not a file.`)
    expect(await message(file('empty', ''))).toBe(`The kernel ${folder}/empty is empty or nearly so: 0 bytes.`)
  })

  test('a gzip bomb is read no further than its first bytes', async () => {
    const member = gzipSync(Buffer.alloc(128 * 1024 * 1024))
    const path = file('bomb.gz', Buffer.concat(Array.from({ length: 64 }, () => member)))
    const startMs = performance.now()
    await expect(readKernelFile(path)).rejects.toThrow('is not a kernel')
    expect(performance.now() - startMs).toBeLessThan(1000)
  })
})
