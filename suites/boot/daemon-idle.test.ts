import { join } from 'node:path'
import { expect } from 'vitest'
import { type Device, imageChannel } from '../../harness/boot/devices.ts'
import { awaitMachineEnd } from '../../harness/boot/one-shot.ts'
import type { RunningGuest } from '../../harness/boot/start-guest.ts'
import { bootContract, bootDaemon, bootTestTimeoutMs, bootTimeoutMs } from '../../harness/exercise/contract-boot.ts'
import { requirement } from '../../harness/exercise/requirement-test.ts'
import { type BootSurroundings, sharedBoot } from '../../harness/exercise/shared-boot.ts'
import { DaemonChannel } from '../../harness/guest/daemon-channel.ts'

/** A command of the loop takes under a second under emulation. */
const answerTimeoutMs = 60_000
/** Longer than the tests that come before need on a busy machine. */
const idleTimeoutSeconds = 15
/** The guest counts in whole seconds. */
const toleranceMs = 1500

/** A session that ends by itself and has no share. */
const session = sharedBoot(async ({ coordinates, lifetime }) => {
  const { guest, daemon, socketPath } = await bootDaemon(coordinates, { request: { idleTimeoutSeconds } }, lifetime)
  return { guest, daemon, socketPath, answeredMs: performance.now() }
})

/** A session whose channel is the first port of the second controller. */
const behindAnother = sharedBoot((surroundings) =>
  bootElsewhere(surroundings, (channel) => [
    ['-device', 'virtio-serial-pci,id=second'],
    channel.map((text) => text.replace('bus=serial.0', 'bus=second.0')),
  ]),
)

/** A session whose channel comes after the harness's own port, under a number that runners do not use. */
const byName = sharedBoot((surroundings) =>
  bootElsewhere(surroundings, (channel) => [channel.map((text) => text.replace(',nr=1,', ',nr=3,'))]),
)

/** Returns when the daemon has answered a ping. */
async function bootElsewhere(
  { coordinates, folder, lifetime }: BootSurroundings,
  placed: (channel: Device) => Device[],
): Promise<RunningGuest> {
  const socketPath = join(folder, 'image.sock')
  const boot = { request: { daemon: true }, devices: placed(imageChannel(socketPath)) }
  const guest = await bootContract(coordinates, boot, lifetime)
  const daemon = await DaemonChannel.connect(guest, socketPath)
  await daemon.ping(bootTimeoutMs)
  return guest
}

requirement('DMN-009', bootTestTimeoutMs, async () => {
  const current = await session()
  const { error } = await current.daemon.run('===USE_INPUT===ls {INPUT}', answerTimeoutMs)
  current.answeredMs = performance.now()
  expect(error, 'the sentence after ===ERROR===, without a share').toMatch(/\S/)
})

requirement('DMN-010', bootTestTimeoutMs, async () => {
  const current = await session()
  current.daemon.close()
  current.daemon = await DaemonChannel.connect(current.guest, current.socketPath)
  await current.daemon.ping(answerTimeoutMs)
  current.answeredMs = performance.now()
})

requirement('DMN-011', bootTestTimeoutMs, async () => {
  const { guest, answeredMs } = await session()
  const end = await awaitMachineEnd(guest, idleTimeoutSeconds * 1000 + answerTimeoutMs)
  const idleMs = performance.now() - answeredMs
  expect(end.reason, 'how the machine ended').toMatch(/^guest-(?:shutdown|reset)$/)
  expect(
    idleMs,
    `time from the last answer to the end, in ms, with podman_idle_timeout=${idleTimeoutSeconds}`,
  ).toBeGreaterThan(idleTimeoutSeconds * 1000 - toleranceMs)
})

requirement('DMN-012', bootTestTimeoutMs, async () => {
  await (await behindAnother()).kill()
})

requirement('DMN-014', bootTestTimeoutMs, async () => {
  await (await byName()).kill()
})
