import { PassThrough } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { architectures } from '../model/architecture.ts'
import { EnvironmentFault, GuestFault } from '../model/faults.ts'
import { GuestConsole } from './console/guest-console.ts'
import { ChannelClosed } from './json-channel.ts'
import { awaitGuest, type GuestEnd, type RunningGuest } from './start-guest.ts'

/** A machine whose end is noticed a moment after its channels are closed. */
const machineThatEnds = (reason: GuestEnd['reason']) => {
  const shape = { architecture: architectures.x86_64 }
  const ended = pause(20, { reason, atMs: 0 })
  return { console: new GuestConsole(new PassThrough()), ended, shape } as unknown as RunningGuest
}
const closed = () => Promise.reject(new ChannelClosed('The connection was closed.'))

test('a channel that closes because the guest powers off is told as that', async () => {
  const waiting = awaitGuest(machineThatEnds('guest-shutdown'), 'an answer', 1000, closed())
  await expect(waiting).rejects.toThrow(GuestFault)
  await expect(waiting).rejects.toThrow(/^Waited .* s for an answer: the machine ended \(guest-shutdown\)\.$/)
})

test('a channel that closes because QEMU died is the environment’s fault', async () => {
  const waiting = awaitGuest(machineThatEnds('QEMU died'), 'an answer', 1000, closed())
  await expect(waiting).rejects.toThrow(
    new EnvironmentFault('E_QEMU_DIED', 'qemu-system-x86_64 died while an answer was awaited.'),
  )
})
