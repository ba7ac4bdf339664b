import { execFileSync } from 'node:child_process'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { packedBzImage } from '../../../fixtures/kernels/packed-kernel.ts'
import { sampleArm64Image } from '../../image/boot-files/sample-kernels.ts'
import { unpackKernel } from './unpack-kernel.ts'

const program = Buffer.from('a kernel, with what it carries along '.repeat(1000))
/** What stands behind the packed data, for all packings but gzip. */
const size = Buffer.alloc(4)
size.writeUInt32LE(program.length)
const byTool = (tool: string, ...options: string[]) => execFileSync(tool, options, { input: program })

describe('the program in a bzImage', () => {
  test.each([
    ['gzip', gzipSync(program)],
    ['zstd', Buffer.concat([zstdCompressSync(program), size])],
    ['xz', Buffer.concat([byTool('xz', '--check=crc32', '--stdout'), size])],
    ['lzma', Buffer.concat([byTool('xz', '--format=lzma', '--stdout'), size])],
  ])('is unpacked from %s', async (_, payload) => {
    expect((await unpackKernel(packedBzImage(payload, '6.12.1')))?.equals(program)).toBe(true)
  })

  test('is unpacked from the old format of lz4, block by block', async () => {
    // One token: 5 literal bytes and no match.
    const block = Buffer.from([0x50, ...Buffer.from('tiny!')])
    const length = Buffer.alloc(4)
    length.writeUInt32LE(block.length)
    const payload = Buffer.concat([Buffer.from([0x02, 0x21, 0x4c, 0x18]), length, block, length, block, size])
    expect((await unpackKernel(packedBzImage(payload, '6.12.1')))?.toString()).toBe('tiny!tiny!')
  })

  test.each([
    ['lzo, which is not unpacked here', Buffer.from([0x89, 0x4c, 0x5a, 0x4f, 0x00])],
    ['nothing that is known', Buffer.from('nothing that is known')],
    ['zstd that was cut off', zstdCompressSync(program).subarray(0, 40)],
  ])('is not known where it is %s', async (_, payload) => {
    expect(await unpackKernel(packedBzImage(payload, '6.12.1'))).toBeUndefined()
  })
})

test('an arm64 Image is taken as it is, and unpacked where it is gzip-ed', async () => {
  const image = sampleArm64Image('Linux version 6.12.1 (a)')
  expect((await unpackKernel(image))?.equals(image)).toBe(true)
  expect((await unpackKernel(gzipSync(image)))?.equals(image)).toBe(true)
})
