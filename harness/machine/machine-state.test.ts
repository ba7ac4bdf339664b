import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { duplexPair } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EnvironmentFault, GuestFault } from '../model/faults.ts'
import { JsonChannel } from './json-channel.ts'
import { loadState, saveState } from './machine-state.ts'
import type { RunningGuest } from './start-guest.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "machine-state o'"))
  await mkdir(join(folder, 'scratch'))
})
afterAll(() => rm(folder, { recursive: true }))

/** A QEMU that answers each command at once and then does what the test makes it do. */
function fakeGuest(
  onCommand: (name: string, args: { uri: string }, tell: (message: object) => void) => unknown,
): RunningGuest & { die: () => void } {
  const [own, harness] = duplexPair()
  const tell = (message: object) => own.write(`${JSON.stringify(message)}\n`)
  createInterface(own).on('line', async (line) => {
    const { execute, arguments: args, id } = JSON.parse(line)
    const answer = (await onCommand(execute, args, tell)) ?? {}
    tell({ return: answer, id })
  })
  const monitor = new JsonChannel(harness as Socket)
  const ended = monitor.closed.then(() => ({ reason: 'QEMU died', atMs: 0 }) as const)
  return {
    die: () => harness.destroy(),
    scratchFolder: join(folder, 'scratch'),
    shape: { memoryMiB: 64 },
    monitor,
    ended,
    lastError: () => 'qemu: load of migration failed\n',
  } as never
}

const migration = (status: string) => ({ event: 'MIGRATION', data: { status } })

test('a state is whole when it has been written, though QEMU calls it completed before', async () => {
  const guest = fakeGuest((name, { uri } = { uri: '' }, tell) => {
    if (name !== 'migrate') return
    const stream = connect(uri.replace('unix:', ''))
    stream.write('first half, ')
    tell(migration('completed'))
    setTimeout(() => stream.end('second half'), 200)
  })
  await saveState(guest, join(folder, 'state'), 'mapped')
  expect(await readFile(join(folder, 'state'), 'utf8')).toBe('first half, second half')
})

test('a QEMU that cannot write a state is told by its own reason', async () => {
  const guest = fakeGuest((name, _, tell) => {
    if (name === 'migrate') tell(migration('failed'))
    if (name === 'query-migrate') return { 'error-desc': 'a share is mounted' }
  })
  const saving = saveState(guest, join(folder, 'refused'), 'mapped')
  await expect(saving).rejects.toThrow(
    new EnvironmentFault('E_SNAPSHOT', 'QEMU could not write the state of the machine: a share is mounted'),
  )
})

test('a QEMU that ends over a state is told by what it printed last', async () => {
  await writeFile(join(folder, 'corrupt'), 'nothing that QEMU knows')
  const guest = fakeGuest((name) => {
    if (name === 'migrate-incoming') guest.die()
  })
  const loading = loadState(guest, join(folder, 'corrupt'), 'mapped')
  await expect(loading).rejects.toThrow(
    new EnvironmentFault('E_SNAPSHOT', 'QEMU could not load the state of the machine: qemu: load of migration failed'),
  )
})

test('a state goes to QEMU’s own socket, not through a link in its place, and nothing stays of it', async () => {
  const host = createServer((socket) => socket.destroy()).listen(join(folder, 'host.sock'))
  let came = 0
  host.on('connection', () => {
    came += 1
  })
  const guest = fakeGuest(async (name) => {
    if (name === 'migrate-incoming') await symlink(join(folder, 'host.sock'), join(folder, 'scratch', 'incoming'))
  })
  await writeFile(join(folder, 'whole'), 'a state')
  await expect(loadState(guest, join(folder, 'whole'), 'mapped')).rejects.toThrow(/in place of QEMU’s socket/)
  host.close()
  expect([came, await readdir(join(folder, 'scratch'))]).toEqual([0, []])
})

test('what lies in the way of a state is the guest’s fault, and does not end the harness', async () => {
  await writeFile(join(folder, 'scratch', 'state'), '')
  const saving = saveState(
    fakeGuest(() => {}),
    join(folder, 'blocked'),
    'mapped',
  )
  await expect(saving).rejects.toThrow(GuestFault)
  await rm(join(folder, 'scratch', 'state'))
})

test('a state without an end is not written to the disk', async () => {
  const guest = fakeGuest((name, { uri } = { uri: '' }) => {
    if (name !== 'migrate') return
    const stream = connect(uri.replace('unix:', ''))
    stream.on('error', () => {})
    const more = (): void => {
      while (stream.writable && stream.write(Buffer.alloc(1024 ** 2)));
    }
    stream.on('drain', more)
    more()
  })
  await expect(saveState(guest, join(folder, 'endless'), 'mapped')).rejects.toThrow(/more than 67108864 bytes/)
  expect((await stat(join(folder, 'endless'))).size).toBeLessThan(80 * 1024 ** 2)
  await rm(join(folder, 'endless'))
})
