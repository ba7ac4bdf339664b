import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { closedNetwork, disk, imageChannel, memoryFile, share } from './devices.ts'
import { hostPaths } from './host-paths.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'host, paths-'))
  for (const name of ['image', 'memory']) await writeFile(join(folder, name), '')
})
afterAll(() => rm(folder, { recursive: true }))

const image = () => join(folder, 'image')

test('disks and shares are seen as the guest may use them, whatever commas are in their paths', () => {
  expect(hostPaths(disk('rootfs', image(), 'read-only'))).toEqual([{ path: image(), access: 'read-only' }])
  expect(hostPaths(disk('state', image(), 'write-through'))).toEqual([{ path: image(), access: 'read-write' }])
  expect(hostPaths(share('ca', folder, 'read-only'))).toEqual([{ path: folder, access: 'read-only' }])
  expect(hostPaths(share('share', folder, 'read-write'))).toEqual([{ path: folder, access: 'read-write' }])
})

test('where QEMU makes a file, it has the folder', () => {
  const whole = [{ path: folder, access: 'read-write' }]
  expect(hostPaths(imageChannel(image()))).toEqual(whole)
  expect(hostPaths(memoryFile(join(folder, 'new'), 64, 'shared'))).toEqual(whole)
  expect(hostPaths(memoryFile(join(folder, 'memory'), 64, 'private'))).toEqual([
    { path: join(folder, 'memory'), access: 'read-write' },
  ])
})

test('what names no file is none, though it looks like it', () => {
  const named = ['-append', 'file=/etc/shadow', '-device', 'x,path=/etc', '-chardev', 'socket,id=a,fd=3']
  expect(hostPaths([...closedNetwork([]), ...named])).toEqual([])
})
