import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect } from 'vitest'
import { inputPlaceholder, markers } from '../../harness/contract/markers.ts'
import { containersLookSeconds, runnerBounds } from '../../harness/contract/runner.ts'
import { DaemonChannel } from '../../harness/guest/daemon-channel.ts'
import {
  bootContract,
  bootDaemon,
  bootTestTimeoutMs,
  readyTimeoutMs,
} from '../../harness/guest/runner/contract-boot.ts'
import { imageChannel } from '../../harness/machine/devices.ts'
import { awaitMachineEnd } from '../../harness/machine/one-shot.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedBoot } from '../../harness/run/shared-boot.ts'

/** A command of the loop takes under a second under emulation. */
const answerTimeoutMs = 60_000
/** Longer than a runner waits, to tell a slow end from none. */
const endTimeoutMs = 4 * runnerBounds.daemonEndMs
/** Shorter than any that runners give, so that a guest which counts by itself is seen to. */
const idleTimeoutSeconds = 15
/** A guest that ends itself does so within a look of the time-out. */
const idleMs = (idleTimeoutSeconds + containersLookSeconds.least) * 1000

/** A session without a share, under a short time-out. */
const session = sharedBoot('BOOT-005', ({ coordinates, lifetime }) =>
  bootDaemon(coordinates, { request: { idleTimeoutSeconds } }, lifetime),
)

/** A session whose channel is the first port of the second controller. */
const behindAnother = sharedBoot('DMN-012', async ({ coordinates, folder, lifetime }) => {
  const socketPath = join(folder, 'image.sock')
  const channel = imageChannel(socketPath).map((text) => text.replace('bus=serial.0', 'bus=second.0'))
  const devices = [['-device', 'virtio-serial-pci,id=second'], channel]
  // Ports are numbered by all virtio devices before them: with a network, this one would be none that guests look for.
  const guest = await bootContract(coordinates, { request: { daemon: true, idleTimeoutSeconds }, devices }, lifetime)
  const daemon = await DaemonChannel.connect(guest, socketPath)
  await daemon.ping(readyTimeoutMs(coordinates))
  return guest
})

requirement('DMN-009', bootTestTimeoutMs, async () => {
  const { daemon } = await session()
  const { error } = await daemon.run(`${markers.useInput}ls ${inputPlaceholder}`, answerTimeoutMs)
  expect(error, `the sentence after ${markers.error}, without a share`).toMatch(/\S/)
})

requirement('DMN-010', bootTestTimeoutMs, async () => {
  const current = await session()
  current.daemon.close()
  current.daemon = await DaemonChannel.connect(current.guest, current.socketPath)
  await current.daemon.ping(answerTimeoutMs)
})

requirement('DMN-017', bootTestTimeoutMs, async () => {
  const { guest, daemon } = await session()
  const end = await Promise.race([guest.ended, setTimeout(idleMs)])
  expect(end?.reason, `end of the machine within ${idleMs / 1000} s without a command`).toBeUndefined()
  await daemon.ping(answerTimeoutMs)
})

requirement('DMN-019', bootTestTimeoutMs, async () => {
  const { guest, daemon } = await session()
  await daemon.sendAndHangUp(markers.shutdown)
  const { reason } = await awaitMachineEnd(guest, endTimeoutMs)
  expect(reason, `how the machine ended after ${markers.shutdown} and the end of the connection`).toMatch(
    /^guest-(?:shutdown|reset)$/,
  )
})

requirement('DMN-012', bootTestTimeoutMs, async () => {
  await (await behindAnother()).kill()
})
