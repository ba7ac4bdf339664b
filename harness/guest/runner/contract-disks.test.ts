import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { diskFileDigest, diskState, makeDisk, recoverDisk } from './contract-disks.ts'

let folder: string
let disk: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contract-disks-'))
  disk = join(folder, 'disk')
})
afterEach(() => rm(folder, { recursive: true }))

test('a disk holds the files of a folder, and is clean', async () => {
  const content = randomBytes(100_000)
  const files = join(folder, 'files')
  await mkdir(files)
  await writeFile(join(files, 'file'), content)
  await makeDisk(disk, 16, files)
  await recoverDisk(disk)
  expect(await diskFileDigest(disk, '/file')).toBe(createHash('sha256').update(content).digest('hex'))
  const state = await diskState(disk)
  expect(state.get('Filesystem state')).toBe('clean')
  expect(state.get('Filesystem features')).toMatch(/has_journal/)
})

test('a file that is not there has the digest of nothing', async () => {
  await makeDisk(disk, 16)
  expect(await diskFileDigest(disk, '/none')).toBe(createHash('sha256').digest('hex'))
})

test('a file that is longer than any that is asked for is the image’s fault', async () => {
  const files = join(folder, 'files')
  await mkdir(files)
  await writeFile(join(files, 'file'), '')
  await truncate(join(files, 'file'), 65 * 1024 * 1024)
  await makeDisk(disk, 16, files)
  await expect(diskFileDigest(disk, '/file')).rejects.toMatchObject({
    name: 'GuestFault',
    message: expect.stringMatching(/debugfs has more to print than 67108864 bytes/),
  })
})

test('a disk whose file system is gone tells nothing of itself, and that is the image’s fault', async () => {
  await writeFile(disk, Buffer.alloc(1024 * 1024))
  await expect(diskState(disk)).rejects.toMatchObject({
    name: 'GuestFault',
    message: expect.stringMatching(
      /^The file system that the guest left on a disk cannot be read: dumpe2fs ended with \d+\.$/,
    ),
    evidence: expect.stringContaining('Bad magic number'),
  })
})

test('a disk that cannot be recovered is the image’s fault', async () => {
  await makeDisk(disk, 16)
  const file = await open(disk, 'r+')
  await file.write(randomBytes(64 * 1024), 0, 64 * 1024, 0)
  await file.close()
  await expect(recoverDisk(disk)).rejects.toMatchObject({ name: 'GuestFault' })
})
