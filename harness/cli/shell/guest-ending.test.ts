import { PassThrough } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { GuestConsole } from '../../machine/console/guest-console.ts'
import type { GuestEnd, RunningGuest } from '../../machine/start-guest.ts'
import { architectures } from '../../model/architecture.ts'
import { EnvironmentFault } from '../../model/faults.ts'
import { GuestEnded, unlessEnded } from './guest-ending.ts'

/** A machine that ends a moment after what ran in it has failed; `printed` stands on its console. */
function machineThatEnds(reason: GuestEnd['reason'] | undefined, printed = ''): RunningGuest {
  const stream = new PassThrough()
  stream.write(printed)
  const ended = reason === undefined ? new Promise<never>(() => {}) : pause(20, { reason, atMs: 0 })
  const shape = { architecture: architectures.x86_64 }
  return { console: new GuestConsole(stream), ended, shape } as unknown as RunningGuest
}

const channelClosed = Promise.reject(new Error('The connection was closed.'))
channelClosed.catch(() => {})

test.each([
  ['guest-shutdown', 'The guest powered off.'],
  ['guest-reset', 'The guest rebooted, which ends it.'],
  ['guest-panic', 'The guest’s kernel panicked.'],
] as const)('%s is told in a sentence, and not as a closed connection', async (reason, sentence) => {
  const isPanic = reason === 'guest-panic'
  await expect(unlessEnded(machineThatEnds(reason), channelClosed)).rejects.toMatchObject({
    message: sentence,
    isPanic,
  })
})

test.each([
  ['that ends its machine', 'guest-reset'],
  ['that leaves it standing', undefined],
] as const)('a panic %s is told with its line', async (_, reason) => {
  const machine = machineThatEnds(reason, '[    9.100000] Kernel panic - not syncing: sysrq triggered crash\n')
  const ending = unlessEnded(machine, channelClosed)
  await expect(ending).rejects.toThrow(GuestEnded)
  await expect(ending).rejects.toMatchObject({
    message: 'The guest’s kernel panicked: [    9.100000] Kernel panic - not syncing: sysrq triggered crash',
    isPanic: true,
  })
})

test('what a program prints about a panic is none', async () => {
  const machine = machineThatEnds(
    'guest-shutdown',
    '/root # grep -h panic *\r\nKernel panic - not syncing: an old log\n',
  )
  await expect(unlessEnded(machine, channelClosed)).rejects.toMatchObject({
    message: 'The guest powered off.',
    isPanic: false,
  })
})

test('a QEMU that died is a fault of the environment', async () => {
  await expect(unlessEnded(machineThatEnds('QEMU died'), channelClosed)).rejects.toThrow(
    new EnvironmentFault('E_QEMU_DIED', 'qemu-system-x86_64 died while the guest ran.'),
  )
})

test('what fails in a guest that goes on keeps its own words', async () => {
  vi.useFakeTimers()
  const told = expect(unlessEnded(machineThatEnds(undefined), channelClosed)).rejects.toThrow('connection was closed')
  await vi.advanceTimersByTimeAsync(6_000)
  vi.useRealTimers()
  await told
})

test('what succeeds is returned', async () => {
  expect(await unlessEnded(machineThatEnds('guest-shutdown'), Promise.resolve(7))).toBe(7)
})
