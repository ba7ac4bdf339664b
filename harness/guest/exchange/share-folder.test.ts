import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
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

test('the folders above it are made, or found', async () => {
  for (const name of ['a/b/one', 'a/b/two']) await addToShare(share, name, name)
  expect(await readFile(join(share, 'a/b/two'), 'utf8')).toBe('a/b/two')
})

test('no folder is made and nothing written behind a link, or a file, in the way', async () => {
  await mkdir(join(folder, 'host'))
  await symlink(join(folder, 'host'), join(share, 'volumes'))
  await writeFile(join(share, 'plain'), '')
  for (const name of ['volumes/x/file', 'volumes/file', 'plain/file'])
    await expect(addToShare(share, name, 'content')).rejects.toMatchObject({ name: 'GuestFault' })
  expect(await readdir(join(folder, 'host'))).toEqual([])
})

test('nothing is written through a link that the guest left, to a file or to where none is', async () => {
  await writeFile(join(folder, 'of-the-host'), 'kept')
  await symlink(join(folder, 'of-the-host'), join(share, 'file'))
  await symlink(join(folder, 'new'), join(share, 'dangling'))
  for (const name of ['file', 'dangling'])
    await expect(addToShare(share, name, 'content')).rejects.toMatchObject({
      name: 'GuestFault',
      message: `The guest left something in the way of "${name}" on the share, which the host is to put there.`,
    })
  expect(await readFile(join(folder, 'of-the-host'), 'utf8')).toBe('kept')
  await expect(readFile(join(folder, 'new'))).rejects.toThrow('ENOENT')
})

test('a guest that takes folders away while the host puts a file there is to blame', async () => {
  let goesOn = true
  const taking = (async () => {
    while (goesOn) await rm(join(share, 'volumes'), { recursive: true, force: true }).catch(() => {})
  })()
  const faults = new Set<string>()
  for (let time = 0; time < 150; time++)
    await addToShare(share, 'volumes/hash/deep/file', 'x').catch((error: Error) => faults.add(error.name))
  goesOn = false
  await taking
  expect([...faults].filter((name) => name !== 'GuestFault')).toEqual([])
})
