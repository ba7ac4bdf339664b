import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { closedNetwork, type Device, disk, type Forward, imageChannel, share } from '../boot/devices.ts'
import { awaitOneShot, type OneShotAnswer } from '../boot/one-shot.ts'
import { type RunningGuest, startGuest } from '../boot/start-guest.ts'
import { type ContractRequest, contractParameters } from '../contract/request.ts'
import { DaemonChannel } from '../guest/daemon-channel.ts'
import type { Lifetime } from '../process/lifetime.ts'
import { noteBoot } from './boot-samples.ts'
import type { SuiteCoordinates } from './coordinates.ts'
import { notingSilence, requireAnsweringImage } from './silent-boots.ts'

/** From QEMU's start to the machine's end: 12 to 25 s under emulation, 50 s on a machine busy with other boots. */
export const bootTimeoutMs = 180_000
/** The same for a command that pulls and runs: another 20 to 40 s, several times that beside others. */
export const podmanBootTimeoutMs = 420_000
/** Bounds a whole test from outside; what it awaits has a bound of its own and says more when that passes. */
export const bootTestTimeoutMs = 1_200_000

/** The kernel keeps no more of its command line (COMMAND_LINE_SIZE in arch/x86 and arch/arm64, asm/setup.h). */
const longestCommandLine = 2047

/** What a runner adds where nobody looks at the console, and where the user does. */
const toldParameters = ['vcontainer_timing', 'loglevel=4']
const quietParameters = ['quiet', 'loglevel=0']

/** What a runner hands the image for one boot. Drives appear in the contract's order: rootfs, input, state. */
export interface ContractBoot {
  request?: ContractRequest
  /** Kernel parameters without the prefix `podman_`. */
  parameters?: readonly string[]
  /** Path of what is the first drive; the image itself where left out, no drive at all for `none`. */
  rootfs?: string
  inputDisk?: string
  stateDisk?: string
  /** Folders of the host by the tags of the contract; the guest may write to `vpdmn_share` alone. */
  shares?: Partial<Record<'vpdmn_share' | 'vpdmn_auth' | 'vpdmn_ca', string>>
  /** A network device that reaches these destinations and nothing else. */
  network?: readonly Forward[]
  /** Further devices, after all others. */
  devices?: readonly Device[]
  /** From the start to the machine's end; that of a command without podman where left out. */
  timeoutMs?: number
}

/** Boots the image as a runner does, for one command, to the end of the machine. */
export async function bootOneShot(
  coordinates: SuiteCoordinates,
  boot: ContractBoot,
  lifetime: Lifetime,
): Promise<{ guest: RunningGuest; answer: OneShotAnswer }> {
  const guest = await bootContract(coordinates, boot, lifetime)
  const answer = awaitOneShot(guest, boot.timeoutMs ?? bootTimeoutMs)
  const told = boot.rootfs === undefined ? notingSilence(coordinates.runFolder, guest, answer) : answer
  return { guest, answer: await told }
}

/** Boots the image as a runner does for a session, up to the answer to the first ping. */
export async function bootDaemon(
  coordinates: SuiteCoordinates,
  boot: ContractBoot,
  lifetime: Lifetime,
): Promise<{ guest: RunningGuest; daemon: DaemonChannel; socketPath: string }> {
  const folder = await mkdtemp(join(coordinates.runFolder, 'daemon-'))
  lifetime.defer(() => rm(folder, { recursive: true, force: true }))
  const socketPath = join(folder, 'image.sock')
  const devices = [imageChannel(socketPath), ...(boot.devices ?? [])]
  const request = { ...boot.request, daemon: true }
  const guest = await bootContract(coordinates, { ...boot, request, devices }, lifetime)
  const daemon = await DaemonChannel.connect(guest, socketPath)
  await notingSilence(coordinates.runFolder, guest, daemon.ping(bootTimeoutMs))
  return { guest, daemon, socketPath }
}

/** Starts a machine as a runner does and returns at once; its phases and console are kept when it has ended. */
export async function bootContract(
  { imagePath, boot, contractShape, runFolder }: SuiteCoordinates,
  plan: ContractBoot,
  lifetime: Lifetime,
): Promise<RunningGuest> {
  await requireAnsweringImage(runFolder)
  const parameters = [
    ...(plan.request?.interactive ? quietParameters : toldParameters),
    ...(plan.parameters ?? []),
    ...contractParameters(plan.request ?? {}),
  ]
  if (parameters.join(' ').length > longestCommandLine)
    throw new Error(`The kernel would cut this command line: ${parameters.join(' ').length} characters.`)
  const guest = await startGuest(
    {
      shape: contractShape,
      boot: { kernel: boot.kernel, initramfs: boot.initramfs, parameters },
      devices: contractDevices(plan, imagePath),
    },
    lifetime,
  )
  guest.ended.then((end) => noteBoot(guest.console.lines, end))
  return guest
}

function contractDevices(plan: ContractBoot, imagePath: string): Device[] {
  const { rootfs = imagePath, inputDisk, stateDisk, shares = {}, network, devices = [] } = plan
  return [
    ...(rootfs === 'none' ? [] : [disk('rootfs', rootfs, 'read-only')]),
    ...(inputDisk === undefined ? [] : [disk('input', inputDisk, 'read-only')]),
    ...(stateDisk === undefined ? [] : [disk('state', stateDisk, 'read-write')]),
    ...Object.entries(shares).map(([tag, folder]) =>
      share(tag, folder, tag === 'vpdmn_share' ? 'read-write' : 'read-only'),
    ),
    ...(network === undefined ? [] : [closedNetwork(network)]),
    ...devices,
  ]
}
