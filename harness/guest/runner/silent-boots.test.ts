import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { GuestConsole } from '../../machine/console/guest-console.ts'
import type { RunningGuest } from '../../machine/start-guest.ts'
import { EnvironmentFault, GuestFault } from '../../model/faults.ts'
import { recordSilence, requireAnsweringImage } from './silent-boots.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'silent-boots-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function boot(error: Error, ...lines: string[]): Promise<void> {
  const stream = new PassThrough()
  const guest = { console: new GuestConsole(stream) } as unknown as RunningGuest
  stream.end(lines.map((line) => `${line}\n`).join(''))
  await guest.console.ended
  await expect(recordSilence(folder, guest, Promise.reject(error))).rejects.toBe(error)
}

const stuck = new GuestFault('The machine did not end by itself within 180 s.')

test('an image that came to nothing three times is given up, with the first reason', async () => {
  for (const time of ['first', 'second']) await boot(new GuestFault(`It hung the ${time} time.`), 'booting')
  await expect(requireAnsweringImage(folder)).resolves.toBeUndefined()
  await boot(stuck)
  await expect(requireAnsweringImage(folder)).rejects.toThrow(
    '3 boots of this image never responded. It hung the first time.',
  )
})

test('boots that show a sign of life do not count', async () => {
  for (const sign of ['===OUTPUT_START===', '===EXIT_CODE=3===', '@@ready', 'ERROR: no disk']) await boot(stuck, sign)
  await expect(requireAnsweringImage(folder)).resolves.toBeUndefined()
})

test('faults of the environment do not count', async () => {
  for (let time = 0; time < 4; time++) await boot(new EnvironmentFault('E_TOOL', 'QEMU died.'))
  await expect(requireAnsweringImage(folder)).resolves.toBeUndefined()
})
