import { readFile } from 'node:fs/promises'
import { reachBesideImage, unlessWithoutAgent } from '../../guest/agent-beside-image.ts'
import { GuestAgent } from '../../guest/guest-agent.ts'
import type { BootCoordinates } from '../../guest/prepare/coordinates.ts'
import { registryAddress } from '../../guest/prepare/podman-template.ts'
import { bootContract, bootDaemon, type ContractBoot } from '../../guest/runner/contract-boot.ts'
import { trustAuthority } from '../../guest/trust-authority.ts'
import { contractShape } from '../../machine/machine-shape.ts'
import { architectures } from '../../model/architecture.ts'
import { agentParameters } from '../../recipes/agent/agent-archive.ts'
import { servedNames } from '../../registry/served-names.ts'
import { bringGoOn, heldParameters } from './held-init.ts'
import type { GuestRequest, OpenGuest } from './open-guest.ts'

/** A boot takes 12 to 25 s under emulation, several times that beside other work. */
const bootTimeoutMs = 240_000

/** Boots as a runner does, with the registry's names. */
export async function bootGuest(request: GuestRequest): Promise<OpenGuest> {
  request.awaiting('the daemon of the image')
  const { guest: machine } = await bootDaemon(coordinatesOf(request), bootOf(request), request.lifetime)
  const agent = await reachBesideImage(machine)
  await agent.mustShell('cat >> /etc/hosts', {
    input: servedNames.map(({ name }) => `${registryAddress} ${name}\n`).join(''),
  })
  await trustAuthority(agent, await readFile(request.registry.certificateAuthority, 'utf8'))
  return { machine, agent }
}

/** The same, held before the image's init. */
export async function bootHeldGuest(request: GuestRequest): Promise<OpenGuest> {
  request.awaiting('the initramfs')
  const plan = bootOf(request)
  const held = {
    ...plan,
    parameters: [...(plan.parameters ?? []), ...heldParameters],
    request: { ...plan.request, daemon: true },
  }
  const machine = await bootContract(coordinatesOf(request), held, request.lifetime)
  const agent = await unlessWithoutAgent(machine, GuestAgent.reach(machine, bootTimeoutMs))
  await bringGoOn(agent)
  return { machine, agent }
}

const bootOf = ({ registry }: GuestRequest): ContractBoot => ({
  request: { network: true, ca: true },
  parameters: agentParameters,
  shares: { ca: registry.caFolder },
  network: [{ guestAddress: registryAddress, guestPort: 443, hostPort: registry.tlsPort }],
})

const coordinatesOf = ({ image, boot, accelerator, folder }: GuestRequest): BootCoordinates => ({
  imagePath: image.image.path,
  boot: { ...boot, initramfs: boot.agentInitramfs },
  contractShape: contractShape(architectures[image.arch], accelerator),
  runFolder: folder,
})
