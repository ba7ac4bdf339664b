import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { podman } from '../../contract/engines.ts'
import { runnerParameters } from '../../contract/request.ts'
import type { BootFiles } from '../../image/image-file.ts'
import { closedNetwork, type Device, disk, imageChannel, share } from '../../machine/devices.ts'
import type { GuestPlan } from '../../machine/guest-plan.ts'
import { hostProcessor } from '../../machine/host-processor.ts'
import type { MachineShape } from '../../machine/machine-shape.ts'
import { openSocketFolder } from '../../machine/qemu-socket.ts'
import { qemuVersion } from '../../machine/qemu-version.ts'
import type { RunningGuest } from '../../machine/start-guest.ts'
import { fork, forkInto, freeze, type GuestTemplate, startTemplateGuest } from '../../machine/template.ts'
import { EnvironmentFault } from '../../model/faults.ts'
import { type CacheUse, cached, cacheKey } from '../../platform/cache/cache.ts'
import { sourceTexts } from '../../platform/cache/source-texts.ts'
import type { Lifetime } from '../../platform/process/lifetime.ts'
import { bootWithAgent } from '../../recipes/agent/agent-initramfs.ts'
import { reachBesideImage, unlessWithoutAgent } from '../agent-beside-image.ts'
import { DaemonChannel } from '../daemon-channel.ts'
import { GuestAgent, toolFolder } from '../guest-agent.ts'
import { installIdentityTools, makeDistinct } from '../identity.ts'
import { withLookInside } from '../look-inside.ts'
import { hostLines, makeRegistryKnown, registryForward } from './registry-in-guest.ts'

/** A boot to the daemon's first answer takes 12 to 25 s under emulation, several times that beside other boots. */
const bootTimeoutMs = 240_000
/** The first pull takes 6 s on aarch64 under emulation. */
const pullTimeoutMs = 180_000

/** Loading a snapshot and the first answer take 0.2 s here; a snapshot that does not answer by then is made anew. */
const trialTimeoutMs = 30_000
const noncePath = `${toolFolder}/nonce`

const pulledImage = 'docker.io/library/alpine:latest'

export interface TemplateRequest {
  imagePath: string
  imageSha256: string
  boot: BootFiles
  shape: MachineShape
  /** TCP port on the host's loopback where the registry speaks TLS, and its authority's certificate, alone in a folder. */
  registry: { tlsPort: number; caFolder: string; certificateAuthority: string }
  /** This run's temporary folder for the image. */
  runFolder: string
  /** The run's; ends a boot that is under way when the run ends. */
  lifetime: Lifetime
  /** Is told what is awaited where the cache has no such template. */
  awaiting?: (what: string) => void
}

export interface PodmanTemplateRequest extends TemplateRequest {
  /** Digest of the index behind the image that is pulled. */
  pulledDigest: string
}

/**
 * A guest that has booted the image as a daemon with a closed network, in which the public names lead to this run's
 * registry, stopped before podman is used. Throws GuestFault when the image does not come to answer.
 */
export function ensureFreshTemplate(request: TemplateRequest): Promise<GuestTemplate> {
  return tried(request, (use) => freshTemplate(request, use))
}

/** Goes on from the fresh template and pulls one small image, so that tests which only run containers need no pull. */
export function ensurePulledTemplate(fresh: GuestTemplate, request: PodmanTemplateRequest): Promise<GuestTemplate> {
  return tried(request, (use) => pulledTemplate(async () => fresh, request, use))
}

/** The same as `ensureFreshTemplate`, but not yet forked: one from the cache may not go on. */
export async function freshTemplate(request: TemplateRequest, use: CacheUse = {}): Promise<GuestTemplate> {
  const key = cacheKey('fresh', ...(await shapingInputs(request)))
  return inCache(key, request, use, (folder, lifetime) => bootFresh(request, folder, lifetime))
}

/** The same as `ensurePulledTemplate`, but not yet forked; the fresh one is asked for where it is needed. */
export async function pulledTemplate(
  fresh: () => Promise<GuestTemplate>,
  request: PodmanTemplateRequest,
  use: CacheUse = {},
): Promise<GuestTemplate> {
  const key = cacheKey('pulled', request.pulledDigest, ...(await shapingInputs(request)))
  return inCache(key, request, use, async (folder, lifetime) => pullInto(await fresh(), request, folder, lifetime))
}

/** Everything that a template's state depends on: image, boot files, machine, processor, QEMU, authority, and the harness's own code. */
async function shapingInputs({ imageSha256, boot, shape, registry }: TemplateRequest): Promise<string[]> {
  const files = [boot.kernel, boot.agentInitramfs, registry.certificateAuthority]
  const [version, processor, digests, code] = await Promise.all([
    qemuVersion(shape.architecture),
    shape.cpu === 'host' ? hostProcessor() : '',
    Promise.all(files.map(async (file) => cacheKey(await readFile(file)))),
    sourceTexts('harness/machine/**', 'harness/guest/**'),
  ])
  return [imageSha256, ...digests, JSON.stringify(shape), version, processor, hostLines(), ...code]
}

async function inCache(
  key: string,
  request: TemplateRequest,
  use: CacheUse,
  make: (folder: string, lifetime: Lifetime) => Promise<void>,
): Promise<GuestTemplate> {
  const making = (folder: string) => request.lifetime.within((own) => make(folder, own))
  return { folder: await cached('template', key, making, use), plan: podmanGuestPlan(request) }
}

/** Forks a template once before it is given away. */
const tried = (request: TemplateRequest, take: TakeTemplate): Promise<GuestTemplate> =>
  resumed(take, (template) => tryTemplate(template, request))

type TakeTemplate = (use: CacheUse) => Promise<GuestTemplate>

/** Takes a template and uses it. One that cannot be used does not go on, and is made anew, once. */
export async function resumed<T>(take: TakeTemplate, use: (template: GuestTemplate) => Promise<T>): Promise<T> {
  const found = await take({})
  try {
    return await use(found)
  } catch {
    const made = await take({ force: true })
    return use(made).catch((cause: Error) => {
      throw new EnvironmentFault('E_SNAPSHOT', `A new snapshot cannot be resumed either: ${cause.message}`, { cause })
    })
  }
}

const tryTemplate = (template: GuestTemplate, request: TemplateRequest): Promise<GuestTemplate> =>
  request.lifetime.within(async (lifetime) => {
    const channelPath = await openSocketFolder(request.runFolder, 'trial', lifetime)
    const devices = ownDevices(channelPath, request.registry.tlsPort)
    const guest = await fork(template, devices, lifetime)
    await requireContinuation(template, await GuestAgent.reach(guest, trialTimeoutMs))
    return template
  })

/** The nonce lies in the guest's memory and nowhere on a disk that the guest has, so only a true continuation knows it. */
export async function requireContinuation({ folder }: GuestTemplate, agent: GuestAgent): Promise<void> {
  const isSame = (await agent.readFile(noncePath)).equals(await readFile(join(folder, 'nonce')))
  if (!isSame) throw new EnvironmentFault('E_SNAPSHOT', 'The guest that was loaded is not the one that was kept.')
}

async function bootFresh(request: TemplateRequest, folder: string, lifetime: Lifetime): Promise<void> {
  request.awaiting?.('the daemon of the image')
  const plan = podmanGuestPlan(request)
  const channelPath = await openSocketFolder(request.runFolder, 'fresh', lifetime)
  const guest = await startTemplateGuest(plan, folder, ownDevices(channelPath, request.registry.tlsPort), lifetime)
  const agent = await reachFresh(guest, channelPath, request.registry.certificateAuthority)
  await agent.mustShell(unmountShares)
  await installIdentityTools(agent, request.shape.architecture)
  await leaveNonce(agent, folder)
  await freeze(guest, plan, folder)
}

/** Waits until the image's daemon answers, makes the registry known by the public names, and its authority trusted. */
export async function reachFresh(
  guest: RunningGuest,
  channelPath: string,
  certificateAuthority: string,
): Promise<GuestAgent> {
  const daemon = await DaemonChannel.connect(guest, channelPath)
  await unlessWithoutAgent(guest, withLookInside(guest, daemon.ping(bootTimeoutMs)))
  const agent = await reachBesideImage(guest)
  await makeRegistryKnown(agent, certificateAuthority)
  return agent
}

/** Pulls the one small image of the pulled template. */
export const pullFirst = (agent: GuestAgent): Promise<string> =>
  agent.mustShell(`podman pull -q ${pulledImage}`, { timeoutMs: pullTimeoutMs })

async function pullInto(
  fresh: GuestTemplate,
  request: TemplateRequest,
  folder: string,
  lifetime: Lifetime,
): Promise<void> {
  request.awaiting?.('podman pull')
  const channelPath = await openSocketFolder(request.runFolder, 'pulled', lifetime)
  const devices = ownDevices(channelPath, request.registry.tlsPort)
  const guest = await forkInto(folder, fresh, devices, lifetime)
  const agent = await GuestAgent.reach(guest, bootTimeoutMs)
  await makeDistinct(agent)
  await pullFirst(agent)
  await leaveNonce(agent, folder)
  await freeze(guest, fresh.plan, folder)
}

/** Leaves what `requireContinuation` looks for. */
export async function leaveNonce(agent: GuestAgent, folder: string): Promise<void> {
  const nonce = randomBytes(16)
  await agent.writeFile(noncePath, nonce)
  await writeFile(join(folder, 'nonce'), nonce)
}

/**
 * The devices whose host ends belong to one guest alone: the socket of the image's channel, and the port on the host's
 * loopback where the guest's registry speaks TLS. A fork may lead elsewhere than its template did.
 */
export function ownDevices(channelPath: string, tlsPort: number): readonly Device[] {
  return [closedNetwork([registryForward(tlsPort)]), imageChannel(channelPath)]
}

/** The machine of the podman suite, without the devices of its own that each guest has. */
export function podmanGuestPlan({ imagePath, boot, shape, registry }: TemplateRequest): GuestPlan {
  return {
    shape,
    boot: bootWithAgent(boot, ['quiet', ...runnerParameters({ daemon: true, network: true, ca: true })]),
    devices: [disk('rootfs', imagePath, 'read-only'), share(podman.shareTags.ca, registry.caFolder, 'read-only')],
  }
}

/** A mounted 9p share blocks a snapshot (hw/9pfs/9p.c), and an image may leave one mounted. */
const unmountShares = `while read -r device folder type rest; do
  if [ "$type" = 9p ]; then umount "$folder" || exit 1; fi
done < /proc/mounts`
