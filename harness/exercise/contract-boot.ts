import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Device, disk, imageChannel } from '../boot/devices.ts'
import { type ContractRequest, contractParameters } from '../boot/kernel-parameters.ts'
import { awaitOneShot, type OneShotAnswer } from '../boot/one-shot.ts'
import { type RunningGuest, startGuest } from '../boot/start-guest.ts'
import { DaemonChannel } from '../guest/daemon-channel.ts'
import type { Lifetime } from '../process/lifetime.ts'
import type { SuiteCoordinates } from './coordinates.ts'

/** From QEMU's start to the answer: 12 to 25 s under emulation, several times that beside other boots. */
export const bootTimeoutMs = 180_000

/** Boots the image as a runner does, for one command, to the end of the machine. */
export async function bootOneShot(
  coordinates: SuiteCoordinates,
  request: ContractRequest,
  lifetime: Lifetime,
): Promise<{ guest: RunningGuest; answer: OneShotAnswer }> {
  const guest = await bootContract(coordinates, request, [], lifetime)
  return { guest, answer: await awaitOneShot(guest, bootTimeoutMs) }
}

/** Boots the image as a runner does for a session; the channel is connected, nothing has been said on it. */
export async function bootDaemon(
  coordinates: SuiteCoordinates,
  lifetime: Lifetime,
): Promise<{ guest: RunningGuest; daemon: DaemonChannel }> {
  const folder = await mkdtemp(join(coordinates.runFolder, 'daemon-'))
  lifetime.defer(() => rm(folder, { recursive: true, force: true }))
  const socketPath = join(folder, 'image.sock')
  const guest = await bootContract(coordinates, { daemon: true }, [imageChannel(socketPath)], lifetime)
  return { guest, daemon: await DaemonChannel.connect(guest, socketPath) }
}

function bootContract(
  { imagePath, boot, contractShape }: SuiteCoordinates,
  request: ContractRequest,
  devices: readonly Device[],
  lifetime: Lifetime,
): Promise<RunningGuest> {
  const parameters = ['vcontainer_timing', 'loglevel=4', ...contractParameters(request)]
  return startGuest(
    {
      shape: contractShape,
      boot: { kernel: boot.kernel, initramfs: boot.initramfs, parameters },
      devices: [disk('rootfs', imagePath, 'read-only'), ...devices],
    },
    lifetime,
  )
}
