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

test('where QEMU makes a socket, it has the folder', () => {
  expect(hostPaths(imageChannel(image()))).toEqual([{ path: folder, access: 'read-write' }])
})

test('of memory it has the file and never the folder, where the harness puts what belongs to a template', () => {
  for (const name of ['memory', 'new'])
    expect(hostPaths(memoryFile(join(folder, name), 64, 'shared'))).toEqual([
      { path: join(folder, name), access: 'read-write' },
    ])
})

test('what names no file is none, though it looks like it', () => {
  const named = ['-append', 'file=/etc/shadow', '-device', 'x,path=/etc', '-chardev', 'socket,id=a,fd=3']
  expect(hostPaths([...closedNetwork([]), ...named])).toEqual([])
})
