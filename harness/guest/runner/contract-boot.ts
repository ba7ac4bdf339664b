import { type Engine, engines, vcontainerWords, xenInit, xenPrefix } from '../../contract/engines.ts'
import { type ContractRequest, contractParameters, runnerParameters } from '../../contract/request.ts'
import {
  closedNetwork,
  type Device,
  disk,
  type Forward,
  imageChannel,
  type PublishedPort,
  share,
} from '../../machine/devices.ts'
import { awaitOneShot, type OneShotAnswer } from '../../machine/one-shot.ts'
import { openSocketFolder } from '../../machine/qemu-socket.ts'
import { watchShare } from '../../machine/share-watch.ts'
import { type RunningGuest, startGuest } from '../../machine/start-guest.ts'
import type { EngineName } from '../../model/engine.ts'
import type { Lifetime } from '../../platform/process/lifetime.ts'
import { DaemonChannel } from '../daemon-channel.ts'
import type { BootCoordinates } from '../prepare/coordinates.ts'
import { noteBoot } from './boot-samples.ts'
import { recordSilence, requireAnsweringImage } from './silent-boots.ts'

/** From QEMU's start to the machine's end: 12 to 25 s under emulation, 50 s on a machine busy with other boots. */
const bootTimeoutMs = 180_000
/** The same for a command that pulls and runs: another 20 to 40 s, several times that beside others. */
export const podmanBootTimeoutMs = 420_000
/** Bounds a whole test from outside; what it awaits has a bound of its own and says more when that passes. */
export const bootTestTimeoutMs = 1_200_000

/** The idle time-out of a daemon that is to stay: that of the layer's runner. */
const longestIdleSeconds = 1800

/** The kernel keeps no more of its command line (COMMAND_LINE_SIZE in arch/x86 and arch/arm64, asm/setup.h). */
const longestCommandLine = 2047

/** Added behind a runner's own words where nobody looks at the console: stamps of the boot, and less of the kernel's messages. */
const verboseParameters = [vcontainerWords.timing, 'loglevel=4']

/** What a runner hands the image for one boot. Drives appear in the contract's order: rootfs, input, state. */
export interface ContractBoot {
  request?: ContractRequest
  /** Further words of the kernel's command line. */
  parameters?: readonly string[]
  /** The kernel's command line is the runner's to the letter. */
  exactLine?: true
  /** The machine runs the init for Xen, under the names of QEMU's disks. */
  xen?: true
  /** Path of what is the first drive; the image itself where left out, no drive at all for `none`. */
  rootfs?: string
  inputDisk?: string
  stateDisk?: string
  /** Folders of the host by the contract's names of the shares; the guest may write to `share` alone. */
  shares?: Partial<Record<keyof Engine['shareTags'], string>>
  /** A network device that reaches these destinations and nothing else. */
  network?: readonly Forward[]
  /** Ports of the host's loopback that lead into the guest. */
  published?: readonly PublishedPort[]
  /** Further devices, after all others. */
  devices?: readonly Device[]
  /** Where a runner's 2 GiB are too much for what is tried. */
  memoryMiB?: number
  /** From the start to the machine's end, beside what the engine's start takes; that of a command without podman where left out. */
  timeoutMs?: number
}

/** Boots the image as a runner does, for one command, to the end of the machine. */
export async function bootOneShot(
  coordinates: BootCoordinates,
  boot: ContractBoot,
  lifetime: Lifetime,
): Promise<{ guest: RunningGuest; answer: OneShotAnswer }> {
  const guest = await bootContract(coordinates, boot, lifetime)
  const answer = awaitOneShot(guest, (boot.timeoutMs ?? bootTimeoutMs) + engines[coordinates.engine].startTimeoutMs)
  const recorded = boot.rootfs === undefined ? recordSilence(coordinates.runFolder, guest, answer) : answer
  return { guest, answer: await recorded }
}

/** Boots the image as a runner does for a session, up to the answer to the first ping. */
export async function bootDaemon(
  coordinates: BootCoordinates,
  boot: ContractBoot,
  lifetime: Lifetime,
): Promise<{ guest: RunningGuest; daemon: DaemonChannel; socketPath: string }> {
  const socketPath = await openSocketFolder(coordinates.runFolder, 'daemon', lifetime)
  const devices = [imageChannel(socketPath), ...(boot.devices ?? [])]
  // Runners give each daemon a network and a time-out.
  const request = { network: true, idleTimeoutSeconds: longestIdleSeconds, ...boot.request, daemon: true }
  const guest = await bootContract(coordinates, { network: [], ...boot, request, devices }, lifetime)
  const daemon = await DaemonChannel.connect(guest, socketPath)
  await recordSilence(coordinates.runFolder, guest, daemon.ping(readyTimeoutMs(coordinates)))
  return { guest, daemon, socketPath }
}

/** Bounds the time from QEMU's start to the engine's first answer. */
export const readyTimeoutMs = ({ engine }: BootCoordinates): number => bootTimeoutMs + engines[engine].startTimeoutMs

/** Starts a machine as a runner does and returns at once; its phases and console are kept when it has ended. */
export async function bootContract(
  { imagePath, engine, boot, contractShape, runFolder }: BootCoordinates,
  plan: ContractBoot,
  lifetime: Lifetime,
): Promise<RunningGuest> {
  await requireAnsweringImage(runFolder)
  const parameters = kernelLine(plan, engine)
  if (parameters.join(' ').length > longestCommandLine)
    throw new Error(`The kernel would cut this command line: ${parameters.join(' ').length} characters.`)
  const guest = await startGuest(
    {
      shape: { ...contractShape, memoryMiB: plan.memoryMiB ?? contractShape.memoryMiB },
      boot: { kernel: boot.kernel, initramfs: boot.initramfs, parameters },
      devices: contractDevices(plan, imagePath, engines[engine].shareTags),
    },
    lifetime,
  )
  if (plan.shares?.share !== undefined) await watchShare(guest, plan.shares.share)
  guest.ended.then((end) => noteBoot(guest.console.lines, end))
  return guest
}

function kernelLine({ request = {}, parameters = [], exactLine, xen }: ContractBoot, engine: EngineName): string[] {
  if (xen)
    return [
      ...['init=/init', `${vcontainerWords.blk}=vd`, `${vcontainerWords.init}=${xenInit}`],
      ...contractParameters(request, xenPrefix),
      ...parameters,
    ]
  const isVerbose = !exactLine && !request.interactive
  return [...runnerParameters(request, engine), ...(isVerbose ? verboseParameters : []), ...parameters]
}

function contractDevices(plan: ContractBoot, imagePath: string, shareTags: Engine['shareTags']): Device[] {
  const { rootfs = imagePath, inputDisk, stateDisk, shares = {}, network, published, devices = [] } = plan
  // Under Xen a container writes to its own disk.
  const inputAccess = plan.xen ? 'read-write' : 'read-only'
  return [
    ...(rootfs === 'none' ? [] : [disk('rootfs', rootfs, 'read-only')]),
    ...(inputDisk === undefined ? [] : [disk('input', inputDisk, inputAccess)]),
    ...(stateDisk === undefined ? [] : [disk('state', stateDisk, 'write-through')]),
    ...(Object.keys(shares) as (keyof typeof shares)[]).map((name) =>
      share(shareTags[name], shares[name] as string, name === 'share' ? 'read-write' : 'read-only'),
    ),
    ...(network === undefined ? [] : [closedNetwork(network, published)]),
    ...devices,
  ]
}
