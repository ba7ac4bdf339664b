import { link, mkdir, mkdtemp, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { requireTool, runTool } from '../../platform/process/run-tool.ts'
import { readLeftFile } from './left-file.ts'

const marker = 'of the host, and nobody else’s'
const maxBytes = 1000
let folder: string
let share: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'left-file-'))
  share = join(folder, 'share')
  await mkdir(join(share, 'sub'), { recursive: true })
  await mkdir(join(folder, 'host'))
  await writeFile(join(folder, 'host', 'secret'), marker)
})
afterEach(() => rm(folder, { recursive: true }))

const read = (name: string, bound = maxBytes) => readLeftFile({ share, name }, bound)

test('a file is read with what is in it, in a folder too, and one that is not there is undefined', async () => {
  await writeFile(join(share, 'file'), 'content')
  await writeFile(join(share, 'sub', 'empty'), '')
  expect(String(await read('file'))).toBe('content')
  expect(String(await read('sub/empty'))).toBe('')
  expect(await read('none')).toBeUndefined()
  expect(await read('none/none')).toBeUndefined()
})

test('a second name of a file of the share is a file', async () => {
  await writeFile(join(share, 'file'), 'content')
  await link(join(share, 'file'), join(share, 'again'))
  expect(String(await read('again'))).toBe('content')
})

const leadOut: readonly { what: string; name: string; leave: () => Promise<unknown>; told: string }[] = [
  {
    what: 'a link to a file',
    name: 'listing',
    leave: () => symlink(join(folder, 'host', 'secret'), join(share, 'listing')),
    told: 'a symbolic link to "…/host/secret" at "listing" on the share in place of a file',
  },
  {
    what: 'a relative link',
    name: 'listing',
    leave: () => symlink('../host/secret', join(share, 'listing')),
    told: 'a symbolic link to "../host/secret" at "listing"',
  },
  {
    what: 'a link to what is not there',
    name: 'listing',
    leave: () => symlink('nowhere', join(share, 'listing')),
    told: 'a symbolic link to "nowhere" at "listing"',
  },
  {
    what: 'a link to itself',
    name: 'listing',
    leave: () => symlink('listing', join(share, 'listing')),
    told: 'a symbolic link to "listing" at "listing"',
  },
  {
    what: 'a link to a kept descriptor of the harness',
    name: 'listing',
    leave: () => symlink('/proc/self/environ', join(share, 'listing')),
    told: 'a symbolic link to "/proc/self/environ"',
  },
  {
    what: 'a link in place of a folder on the way',
    name: 'way/secret',
    leave: () => symlink(join(folder, 'host'), join(share, 'way')),
    told: 'a symbolic link to "…/host" at "way" on the share in place of a folder',
  },
  {
    what: 'a link to the share’s own folder on the way',
    name: 'way/file',
    leave: () => symlink('sub', join(share, 'way')),
    told: 'a symbolic link to "sub" at "way"',
  },
  {
    what: 'a named pipe that nobody writes to',
    name: 'pipe',
    leave: () => requireTool('mkfifo', [join(share, 'pipe')], { timeoutMs: 10_000 }),
    told: 'a named pipe at "pipe" on the share in place of a file',
  },
  {
    what: 'a folder',
    name: 'sub',
    leave: async () => {},
    told: 'a folder at "sub" on the share in place of a file',
  },
  {
    what: 'a file in place of a folder',
    name: 'file/inner',
    leave: () => writeFile(join(share, 'file'), ''),
    told: 'a file at "file" on the share in place of a folder',
  },
]

test.each(leadOut)('$what is not read, and told', async ({ name, leave, told }) => {
  await leave()
  const message = await read(name).then(String, (error) => `${error.name}: ${error.message}`)
  expect(message.replace(folder, '…')).toContain(`GuestFault: The guest left ${told}`)
  expect(message).not.toContain(marker)
})

test('a socket is not read', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(join(share, 'socket'), resolve))
  await expect(read('socket')).rejects.toThrow('The guest left a socket at "socket"')
  server.close()
})

// Who is not root cannot make one, and neither can the guests of their QEMU.
test.runIf(process.getuid?.() === 0).each([
  ['c', '1', '5', 'a character device'],
  ['b', '7', '0', 'a block device'],
])('a device of kind %s is not opened', async (kind, major, minor, told) => {
  const { exitCode } = await runTool('mknod', [join(share, 'node'), kind, major, minor], { timeoutMs: 10_000 })
  // Containers without CAP_MKNOD.
  if (exitCode !== 0) return
  await expect(read('node')).rejects.toThrow(`The guest left ${told} at "node"`)
})

test('a file of holes that is longer than allowed is not read', async () => {
  await writeFile(join(share, 'holes'), '')
  await truncate(join(share, 'holes'), 2 ** 40)
  await expect(read('holes')).rejects.toThrow(
    'The guest left "holes" on the share with 1099511627776 bytes; at most 1000 are read.',
  )
})

test('a file that is exchanged for a link again and again never shows what the link leads to', async () => {
  const [file, way] = [join(share, 'file'), join(share, 'way')]
  await writeFile(join(share, 'honest'), 'honest')
  let isOver = false
  const exchanging = (async () => {
    while (!isOver) {
      await writeFile(`${file}.new`, 'honest')
      await rename(`${file}.new`, file)
      await symlink(join(folder, 'host', 'secret'), `${file}.new`)
      await rename(`${file}.new`, file)
      await mkdir(way)
      await rm(way, { recursive: true })
      await symlink(join(folder, 'host'), way)
      await rm(way)
    }
  })()
  const seen = new Set<string>()
  for (let round = 0; round < 500; round++)
    for (const name of ['file', 'way/secret']) seen.add(await read(name).then(String, ({ message }) => String(message)))
  isOver = true
  await exchanging
  expect(seen).toContain('honest')
  expect([...seen].join('\n')).not.toContain(marker)
})
