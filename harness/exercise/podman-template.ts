import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { closedNetwork, type Device, disk, imageChannel, share } from '../boot/devices.ts'
import { contractParameters } from '../boot/kernel-parameters.ts'
import type { MachineShape } from '../boot/machine-shape.ts'
import type { GuestPlan } from '../boot/start-guest.ts'
import { forkInto, freeze, type GuestTemplate, startTemplateGuest } from '../boot/template.ts'
import { DaemonChannel } from '../guest/daemon-channel.ts'
import { GuestAgent } from '../guest/guest-agent.ts'
import { installIdentityTools, makeDistinct } from '../guest/identity.ts'
import type { BootFiles } from '../image/image-file.ts'
import { Lifetime } from '../process/lifetime.ts'
import { servedNames } from '../registry/served-names.ts'

/** Where the guest finds the registry: an address that slirp routes to nobody else (10.0.2.2 to .4 are its own, slirp(1)). */
export const registryAddress = '10.0.2.100'
/** A boot to the daemon's first answer takes 12 to 25 s under emulation, several times that beside other boots. */
const bootTimeoutMs = 240_000
/** The first pull takes 6 s on aarch64 under emulation. */
const pullTimeoutMs = 180_000

const pulledImage = 'docker.io/library/alpine:latest'

export interface PodmanTemplateRequest {
  imagePath: string
  boot: BootFiles
  shape: MachineShape
  /** TCP port on the host's loopback where the registry speaks TLS, and the folder with its authority's certificate. */
  registry: { tlsPort: number; caFolder: string }
  /** Holds the templates. */
  folder: string
  /** The run's; ends a boot that is under way when the run ends. */
  lifetime: Lifetime
}

/**
 * Boots the image as a daemon with a closed network, in which the public names lead to this run's registry, and stops it
 * before podman is used. Throws GuestFault when the image does not come to answer.
 */
export async function makeFreshTemplate(request: PodmanTemplateRequest): Promise<GuestTemplate> {
  const folder = join(request.folder, 'fresh')
  const channelPath = join(folder, 'image.sock')
  await mkdir(folder, { recursive: true })
  return untilFrozen(request.lifetime, async (lifetime) => {
    const plan = guestPlan(request)
    const guest = await startTemplateGuest(plan, folder, ownDevices(channelPath, request.registry.tlsPort), lifetime)
    const agent = await GuestAgent.reach(guest, bootTimeoutMs)
    const daemon = await DaemonChannel.connect(guest, channelPath)
    await daemon.ping(bootTimeoutMs)
    await agent.mustShell(`cat >> /etc/hosts`, { input: hostLines() })
    await agent.mustShell(unmountShares)
    await installIdentityTools(agent, request.shape.architecture)
    return freeze(guest, plan, folder)
  })
}

/** Goes on from the fresh template and pulls one small image, so that tests which only run containers need no pull. */
export async function makePulledTemplate(
  fresh: GuestTemplate,
  request: Pick<PodmanTemplateRequest, 'folder' | 'lifetime' | 'registry'>,
): Promise<GuestTemplate> {
  const folder = join(request.folder, 'pulled')
  await mkdir(folder, { recursive: true })
  return untilFrozen(request.lifetime, async (lifetime) => {
    const devices = ownDevices(join(folder, 'image.sock'), request.registry.tlsPort)
    const guest = await forkInto(folder, fresh, devices, lifetime)
    const agent = await GuestAgent.reach(guest, bootTimeoutMs)
    await makeDistinct(agent)
    await agent.mustShell(`podman pull -q ${pulledImage}`, { timeoutMs: pullTimeoutMs })
    return freeze(guest, fresh.plan, folder)
  })
}

async function untilFrozen(
  run: Lifetime,
  make: (lifetime: Lifetime) => Promise<GuestTemplate>,
): Promise<GuestTemplate> {
  const lifetime = new Lifetime()
  const end = run.defer(() => lifetime.end())
  try {
    return await make(lifetime)
  } finally {
    await end()
  }
}

/**
 * The devices whose host ends belong to one guest alone: the socket of the image's channel, and the port on the host's
 * loopback where the guest's registry speaks TLS. A fork may lead elsewhere than its template did.
 */
export function ownDevices(channelPath: string, tlsPort: number): readonly Device[] {
  const forward = { guestAddress: registryAddress, guestPort: 443, hostPort: tlsPort }
  return [closedNetwork([forward]), imageChannel(channelPath)]
}

function guestPlan({ imagePath, boot, shape, registry }: PodmanTemplateRequest): GuestPlan {
  return {
    shape,
    boot: {
      kernel: boot.kernel,
      initramfs: boot.initramfs,
      parameters: ['quiet', ...contractParameters({ daemon: true, network: true, ca: true })],
    },
    devices: [disk('rootfs', imagePath, 'read-only'), share('vpdmn_ca', registry.caFolder, 'read-only')],
  }
}

const hostLines = () => servedNames.map(({ name }) => `${registryAddress} ${name}\n`).join('')

/** A mounted 9p share blocks a snapshot (hw/9pfs/9p.c), and an image may leave one mounted. */
const unmountShares = `while read -r device folder type rest; do
  if [ "$type" = 9p ]; then umount "$folder" || exit 1; fi
done < /proc/mounts`
