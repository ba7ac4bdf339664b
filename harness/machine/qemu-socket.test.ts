import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { GuestFault } from '../model/faults.ts'
import { Lifetime } from '../platform/process/lifetime.ts'
import { connectSocket, openSocketFolder } from './qemu-socket.ts'

let folder: string
let servers: Server[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qemu-socket-'))
  servers = []
})
afterEach(async () => {
  for (const server of servers) server.close()
  await rm(folder, { recursive: true })
})

/** What listens at a path; counts who came, and sends each a word. */
async function listenAt(path: string): Promise<{ came: number }> {
  const seen = { came: 0 }
  const server = createServer((socket) => {
    seen.came += 1
    socket.end('word')
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(path, resolve))
  return seen
}

test('a socket of QEMU’s is connected to', async () => {
  await listenAt(join(folder, 'image.sock'))
  expect(await text(await connectSocket(join(folder, 'image.sock')))).toBe('word')
})

test('a link in its place leads to no service of the host', async () => {
  const host = await listenAt(join(folder, 'docker.sock'))
  await symlink(join(folder, 'docker.sock'), join(folder, 'image.sock'))
  await expect(connectSocket(join(folder, 'image.sock'))).rejects.toThrow(GuestFault)
  expect(host.came).toBe(0)
})

test('a file or a folder in its place is the guest’s fault, and nothing in it is that of the environment', async () => {
  await writeFile(join(folder, 'file'), '')
  await mkdir(join(folder, 'folder'))
  for (const name of ['file', 'folder'])
    await expect(connectSocket(join(folder, name))).rejects.toThrow(/in place of QEMU’s socket/)
})

test('its folder is its own, and goes with the lifetime, whatever a guest that broke out left there', async () => {
  const lifetime = new Lifetime()
  const [one, other] = [
    await openSocketFolder(folder, 'fork', lifetime),
    await openSocketFolder(folder, 'fork', lifetime),
  ]
  expect(dirname(one)).not.toBe(dirname(other))
  expect((await stat(dirname(one))).mode & 0o077).toBe(0)
  await mkdir(one)
  await writeFile(join(one, 'left'), '')
  await lifetime.end()
  expect([one, other].map((path) => existsSync(dirname(path)))).toEqual([false, false])
})
