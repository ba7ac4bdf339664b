import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { BootFiles } from '../../image/image-file.ts'
import { EnvironmentFault } from '../../model/faults.ts'
import { writeBlobs } from './write-blobs.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blobs-'))
  for (const name of ['kernel', 'initramfs', 'image']) await writeFile(join(folder, name), name)
})
afterEach(() => rm(folder, { recursive: true }))

const bootFiles = (arch: BootFiles['arch']): BootFiles => ({
  arch,
  kernel: join(folder, 'kernel'),
  initramfs: join(folder, 'initramfs'),
  agentInitramfs: join(folder, 'initramfs'),
  kernelVersion: '6.12.1',
  origin: 'kit',
})

test.each([
  ['x86_64', 'bzImage'],
  ['aarch64', 'Image'],
] as const)('lays out %s as runners expect, and nothing else', async (arch, kernel) => {
  const out = join(folder, 'out')
  const paths = await writeBlobs(bootFiles(arch), join(folder, 'image'), out)
  expect((await readdir(join(out, arch))).sort()).toEqual([kernel, 'initramfs.cpio.gz', 'rootfs.img'].sort())
  expect(await readFile(join(out, arch, 'rootfs.img'), 'utf8')).toBe('image')
  expect(await readFile(join(out, arch, kernel), 'utf8')).toBe('kernel')
  expect(paths).toContain(join(out, arch, 'initramfs.cpio.gz'))
})

test('a folder that cannot be written is a fault of the environment', async () => {
  await expect(writeBlobs(bootFiles('x86_64'), join(folder, 'image'), join(folder, 'image'))).rejects.toThrow(
    EnvironmentFault,
  )
})
