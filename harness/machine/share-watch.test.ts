import { chmod, mkdir, mkdtemp, open, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { removeFolder } from '../platform/process/remove-folder.ts'
import { fullDisk } from './full-disk.ts'
import { filledShare, watchShare } from './share-watch.ts'
import type { GuestEnd, RunningGuest } from './start-guest.ts'

const enclosure = vi.hoisted(() => ({ prefix: [] as string[] }))
vi.mock('../platform/process/enclosure.ts', () => ({
  enclosed: async (command: readonly string[]) => [...enclosure.prefix, ...command],
}))

const bounds = { bytes: 8 * 1024 ** 2, files: 1000 }
/** Several looks, of which there is one a second. */
const looksMs = 3_500

let folder: string
let share: string
let end: (end: GuestEnd) => void
let guest: RunningGuest
const kill = vi.fn<RunningGuest['kill']>()

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'share-watch-'))
  share = join(folder, 'share')
  await mkdir(share)
  kill.mockReset()
  const ended = new Promise<GuestEnd>((resolve) => {
    end = resolve
  })
  guest = { pid: process.pid, ended, kill } as unknown as RunningGuest
  await watchShare(guest, share, bounds)
})
afterEach(async () => {
  end({ reason: 'guest-shutdown', atMs: 0 })
  enclosure.prefix = []
  await removeFolder(folder)
})

const killed = () => vi.waitFor(() => expect(kill).toHaveBeenCalledWith(filledShare), 20_000)

test('a machine whose guest puts more on the share than it may is ended', async () => {
  await writeFile(join(share, 'large'), Buffer.alloc(2 * bounds.bytes, 1))
  await killed()
})

test('many small files are as much too many, however deep they lie', async () => {
  let deep = share
  for (let depth = 0; depth < 10; depth++) {
    deep = join(deep, 'folder')
    await mkdir(deep)
  }
  for (let number = 0; number <= bounds.files; number++) await writeFile(join(deep, String(number)), '')
  await killed()
})

test('a file that is written behind its removal counts as long as it is open', async () => {
  const removed = await open(join(share, 'removed'), 'w')
  await unlink(join(share, 'removed'))
  try {
    await removed.write(Buffer.alloc(2 * bounds.bytes, 1))
    await removed.sync()
    await killed()
  } finally {
    await removed.close()
  }
})

test.runIf(process.getuid?.() === 0)('what lies where the guest keeps the count out counts as well', async () => {
  enclosure.prefix = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', '--']
  await chmod(folder, 0o755)
  await mkdir(join(share, 'closed'), { mode: 0o700 })
  await writeFile(join(share, 'closed', 'large'), Buffer.alloc(2 * bounds.bytes, 1))
  await killed()
})

test('what others write beside the share is not the guest’s', async () => {
  await writeFile(join(folder, 'beside'), Buffer.alloc(2 * bounds.bytes, 1))
  await writeFile(join(share, 'small'), 'x')
  await pause(looksMs)
  expect(kill).not.toHaveBeenCalled()
})

test('where others leave no room, the machine ends for that, and for filling its share where it took the room', async () => {
  const full = async () => ({ bytes: 1000, files: 10, freeBytes: 0 })
  await watchShare(guest, share, bounds, full)
  await vi.waitFor(() => expect(kill).toHaveBeenCalledWith(fullDisk), 20_000)
  kill.mockReset()
  await writeFile(join(share, 'large'), Buffer.alloc(2 * bounds.bytes, 1))
  await watchShare(guest, share, bounds, full)
  await killed()
})

test('a machine that has ended is no longer looked at', async () => {
  end({ reason: 'guest-shutdown', atMs: 0 })
  await writeFile(join(share, 'large'), Buffer.alloc(2 * bounds.bytes, 1))
  await pause(looksMs)
  expect(kill).not.toHaveBeenCalled()
})
