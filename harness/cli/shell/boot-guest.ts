import { reachBesideImage, unlessWithoutAgent } from '../../guest/agent-beside-image.ts'
import { GuestAgent } from '../../guest/guest-agent.ts'
import type { BootCoordinates } from '../../guest/prepare/coordinates.ts'
import { bootCoordinates } from '../../guest/prepare/prepare-guests.ts'
import { makeRegistryKnown, registryForward } from '../../guest/prepare/registry-in-guest.ts'
import { bootContract, bootDaemon, type ContractBoot } from '../../guest/runner/contract-boot.ts'
import { agentParameters } from '../../recipes/agent/agent-archive.ts'
import type { GuestRequest, OpenGuest } from './guest-request.ts'
import { heldParameters, installResumeCommand } from './held-init.ts'

/** A boot takes 12 to 25 s under emulation, several times that beside other work. */
const bootTimeoutMs = 240_000

/** Boots as a runner does, with the registry's names. */
export async function bootGuest(request: GuestRequest): Promise<OpenGuest> {
  request.awaiting('the daemon of the image')
  const { guest: machine } = await bootDaemon(coordinatesOf(request), bootOf(request), request.lifetime)
  const agent = await reachBesideImage(machine)
  await makeRegistryKnown(agent, request.registry.certificateAuthority)
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
  await installResumeCommand(agent)
  return { machine, agent }
}

const bootOf = ({ registry }: GuestRequest): ContractBoot => ({
  request: { network: true, ca: true },
  parameters: agentParameters,
  shares: { ca: registry.caFolder },
  network: [registryForward(registry.tlsPort)],
})

const coordinatesOf = ({ boot, ...source }: GuestRequest): BootCoordinates =>
  bootCoordinates({ ...source, boot: { ...boot, initramfs: boot.agentInitramfs } }, 'podman')
