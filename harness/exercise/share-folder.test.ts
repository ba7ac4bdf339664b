import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addToShare } from './share-folder.ts'

let folder: string
let share: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'share-folder-'))
  share = join(folder, 'share')
  await mkdir(share)
})
afterEach(() => rm(folder, { recursive: true }))

test('a file is put on a share of a running guest', async () => {
  await addToShare(share, 'file', 'content')
  expect(await readFile(join(share, 'file'), 'utf8')).toBe('content')
})

test('nothing is written through a link that the guest left, to a file or to where none is', async () => {
  await writeFile(join(folder, 'of-the-host'), 'kept')
  await symlink(join(folder, 'of-the-host'), join(share, 'file'))
  await symlink(join(folder, 'new'), join(share, 'dangling'))
  for (const name of ['file', 'dangling'])
    await expect(addToShare(share, name, 'content')).rejects.toMatchObject({
      name: 'GuestFault',
      message: `The guest left something at "${name}" on the share, where a file of the host is to be put.`,
    })
  expect(await readFile(join(folder, 'of-the-host'), 'utf8')).toBe('kept')
  await expect(readFile(join(folder, 'new'))).rejects.toThrow('ENOENT')
})
