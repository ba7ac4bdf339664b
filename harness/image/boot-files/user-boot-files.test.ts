import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { tinyElf } from '../../../fixtures/static/tiny-elf.ts'
import { parseVerifyCall } from '../../cli/parse-verify-call.ts'
import type { VerifyRun } from '../../cli/verify-call.ts'
import { writeCpio } from '../../recipes/cpio-archive.ts'
import type { BootFiles } from '../image-file.ts'
import { sampleArm64Image, sampleBzImage } from './sample-kernels.ts'
import { readFilesBeside, readUserBootFiles, withUserFiles } from './user-boot-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'user-boot-files-'))
afterAll(() => rmSync(folder, { recursive: true }))

for (const name of ['blobs/x86_64', 'blobs/aarch64', 'swapped/x86_64', 'bare/other'])
  mkdirSync(join(folder, name), { recursive: true })
const x86Kernel = sampleBzImage('6.12.1 #1')
const armKernel = sampleArm64Image('Linux version 6.12.2 (a)')
const initramfs = gzipSync('070701')
writeFileSync(join(folder, 'blobs/x86_64/bzImage'), x86Kernel)
writeFileSync(join(folder, 'blobs/x86_64/initramfs.cpio.gz'), initramfs)
writeFileSync(join(folder, 'blobs/aarch64/Image'), armKernel)
writeFileSync(join(folder, 'blobs/aarch64/initramfs.cpio.gz'), initramfs)
writeFileSync(join(folder, 'swapped/x86_64/bzImage'), armKernel)
writeFileSync(join(folder, 'notes.txt'), 'no initramfs')
const program = { path: 'init', kind: 'file', mode: 0o755, contents: tinyElf({ machine: 62 }) } as const
writeFileSync(join(folder, 'foreign.cpio'), writeCpio([program]))

const read = (line: string) => readUserBootFiles(parseVerifyCall(line.split(' '), folder) as VerifyRun)

describe('readUserBootFiles', () => {
  test('finds the files of every architecture in a blob folder', async () => {
    expect(await read('--blobs blobs')).toMatchObject({
      x86_64: { kernel: { version: '6.12.1' }, initramfs: join(folder, 'blobs/x86_64/initramfs.cpio.gz') },
      aarch64: { kernel: { version: '6.12.2' }, initramfs: join(folder, 'blobs/aarch64/initramfs.cpio.gz') },
    })
  })

  test('takes of a blob folder only the architectures asked for', async () => {
    expect(Object.keys(await read('--blobs blobs --arch aarch64'))).toEqual(['aarch64'])
  })

  test('gives a kernel and its initramfs to the architecture the kernel is for', async () => {
    const files = await read('--kernel blobs/aarch64/Image --initramfs blobs/aarch64/initramfs.cpio.gz')
    expect(files).toMatchObject({ aarch64: { kernel: { version: '6.12.2' }, initramfs: expect.any(String) } })
  })

  test.each([
    ['--blobs none', '--blobs DIR/none is not a folder.'],
    ['--blobs bare', '--blobs DIR/bare has no folder named x86_64 or aarch64.'],
    ['--blobs swapped', 'DIR/swapped/x86_64/bzImage is a kernel for aarch64, not x86_64.'],
    [
      '--kernel blobs/x86_64/bzImage --arch aarch64',
      'The kernel DIR/blobs/x86_64/bzImage is for x86_64, but --arch asks for aarch64.',
    ],
    [
      '--kernel blobs/aarch64/Image --initramfs foreign.cpio',
      'The programs of the initramfs DIR/foreign.cpio are for x86_64, but it must boot aarch64.',
    ],
    [
      '--initramfs notes.txt --arch aarch64',
      'DIR/notes.txt is not an initramfs: it is not a cpio archive, compressed or plain.',
    ],
    ['--initramfs notes.txt', '--initramfs does not say its architecture: add --kernel FILE or --arch NAME.'],
  ])('%s is refused', async (line, sentence) => {
    await expect(read(line)).rejects.toMatchObject({ name: 'CallFault', message: sentence.replaceAll('DIR', folder) })
  })
})

test('files beside an image that a build took away are a fault of the environment', async () => {
  const kernel = join(folder, 'blobs/x86_64/bzImage')
  const gone = { kernel, initramfs: join(folder, 'blobs/x86_64/gone.cpio.gz') }
  await expect(readFilesBeside(gone)).rejects.toMatchObject({
    name: 'EnvironmentFault',
    message: expect.stringMatching(/gone\.cpio\.gz disappeared while it was being read: /),
  })
})

describe('withUserFiles', () => {
  const kit: BootFiles = {
    arch: 'x86_64',
    kernel: '/k',
    initramfs: '/i',
    agentInitramfs: '/a',
    kernelVersion: '6.12.57',
    origin: 'kit',
  }

  test('leaves the kit as it is where the user brings nothing', () => expect(withUserFiles(kit, {})).toEqual(kit))

  test('puts the user’s files in the place of ours', async () => {
    const { x86_64 } = await read('--kernel blobs/x86_64/bzImage')
    expect(withUserFiles(kit, x86_64 ?? {})).toEqual({
      ...kit,
      kernel: join(folder, 'blobs/x86_64/bzImage'),
      kernelVersion: '6.12.1',
      origin: 'user',
    })
  })
})
