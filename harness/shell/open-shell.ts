import { mkdtemp, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunningGuest } from '../boot/start-guest.ts'
import { bootContract, bootDaemon, type ContractBoot } from '../exercise/contract-boot.ts'
import type { SuiteCoordinates } from '../exercise/coordinates.ts'
import { forkGuest } from '../exercise/forked-guest.ts'
import { openSnapshot } from '../exercise/kept-guest.ts'
import { registryAddress } from '../exercise/podman-template.ts'
import { EnvironmentFault, GuestFault } from '../faults.ts'
import { GuestAgent } from '../guest/guest-agent.ts'
import type { Lifetime } from '../process/lifetime.ts'
import { openRunFolder } from '../process/run-folder.ts'
import { servedNames } from '../registry/served-names.ts'
import type { RunningRegistry } from '../registry/start-registry.ts'
import { openProgress } from '../report/progress.ts'
import { bootImages, openRegistry } from '../verify/boot-images.ts'
import { inspectImages } from '../verify/inspect-images.ts'
import { selectImages } from '../verify/select-images.ts'
import type { Run } from '../verify/verify-run.ts'
import { bringGoOn, writeHeldInitramfs } from './held-initramfs.ts'
import type { ShellCall } from './shell-call.ts'
import { shellHelp } from './shell-options.ts'
import { runCommand, runShell } from './terminal.ts'

/** A boot takes 12 to 25 s under emulation, several times that beside other work. */
const bootTimeoutMs = 240_000

interface OpenGuest {
  machine: RunningGuest
  agent: GuestAgent
}

/** Opens a guest as the call asks, a shell in it, and returns the exit code. */
export async function openShell(call: ShellCall, lifetime: Lifetime): Promise<number> {
  if (call.action === 'help') {
    process.stdout.write(shellHelp())
    return 0
  }
  return guestsFault(() => runIn(call, lifetime))
}

async function runIn(call: Exclude<ShellCall, { action: 'help' }>, lifetime: Lifetime): Promise<number> {
  const folder = await openShellFolder(lifetime)
  const startedMs = performance.now()
  const { machine, agent } =
    call.action === 'snapshot'
      ? await openSnapshot(call.folder, folder, lifetime)
      : await openGuest(call, folder, lifetime)
  if (call.command !== undefined) return runCommand(agent, call.command)
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  process.stderr.write(
    `${machine.shape.architecture.name} guest, ready in ${seconds} s. Leave it by "exit" or Ctrl-].\n`,
  )
  return runShell(machine, agent)
}

/** A folder in that of the run, which may be a verification's; where it is not, the run's goes too. */
async function openShellFolder(lifetime: Lifetime): Promise<string> {
  const runFolder = await openRunFolder()
  const folder = await mkdtemp(join(runFolder, 'shell-'))
  lifetime.defer(async () => {
    await rm(folder, { recursive: true, force: true })
    await rmdir(runFolder).catch(() => {})
  })
  return folder
}

/** A guest that does not come up, or ends under a command, leaves nothing to do: with what its console says last. */
async function guestsFault(work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof GuestFault)) throw error
    const remedy = '--init-hang comes in before the image’s init.'
    throw new EnvironmentFault(`${error.message}\n${error.evidence}\n${remedy}`, { cause: error })
  }
}

async function openGuest(
  { way, verify }: Extract<ShellCall, { action: 'open' }>,
  folder: string,
  lifetime: Lifetime,
): Promise<OpenGuest> {
  const progress = openProgress()
  lifetime.defer(() => progress.close())
  const isFork = way === 'fresh' || way === 'pulled'
  // Templates are for forks; a boot of its own needs only the boot files.
  const call = isFork ? verify : { ...verify, suites: ['boot' as const] }
  const run: Run = { call, lifetime, progress, folder, startedAt: new Date(), faults: [], accelerators: new Map() }
  const [image] = await bootImages(run, await inspectImages(run, await selectImages(run)))
  if (!image || !('coordinates' in image)) throw new EnvironmentFault('The image was not booted.')
  const registry = isFork ? undefined : (await openRegistry(run)).registry
  progress.close()
  return isFork
    ? forkOf(image.coordinates, way, lifetime)
    : bootOf(image.coordinates, way === 'init-hang', registry as RunningRegistry, lifetime)
}

function forkOf(
  { podman, runFolder }: SuiteCoordinates,
  way: 'fresh' | 'pulled',
  lifetime: Lifetime,
): Promise<OpenGuest> {
  if (!podman) throw new EnvironmentFault('No snapshot of a booted guest was made.')
  const prepared = podman.templates[way]
  if ('fault' in prepared) throw new GuestFault(prepared.fault.message, prepared.fault.evidence)
  return forkGuest({ template: prepared.template, tlsPort: podman.registry.tlsPort, runFolder }, lifetime)
}

/** Boots as a runner does, with the registry's names; held before the image's init where that is asked for. */
async function bootOf(
  coordinates: SuiteCoordinates,
  isHeld: boolean,
  { caFolder, tlsPort }: RunningRegistry,
  lifetime: Lifetime,
): Promise<OpenGuest> {
  const plan: ContractBoot = {
    request: { network: true, ca: true },
    shares: { vpdmn_ca: caFolder },
    network: [{ guestAddress: registryAddress, guestPort: 443, hostPort: tlsPort }],
  }
  if (isHeld) return bootHeld(coordinates, plan, lifetime)
  const { guest: machine } = await bootDaemon(coordinates, plan, lifetime)
  const agent = await GuestAgent.reach(machine, bootTimeoutMs)
  await agent.mustShell('cat >> /etc/hosts', {
    input: servedNames.map(({ name }) => `${registryAddress} ${name}\n`).join(''),
  })
  return { machine, agent }
}

async function bootHeld(coordinates: SuiteCoordinates, plan: ContractBoot, lifetime: Lifetime): Promise<OpenGuest> {
  const boot = { ...coordinates.boot, initramfs: await writeHeldInitramfs(coordinates.boot, coordinates.runFolder) }
  const request = { ...plan.request, daemon: true }
  const machine = await bootContract({ ...coordinates, boot }, { ...plan, request }, lifetime)
  const agent = await GuestAgent.reach(machine, bootTimeoutMs)
  await bringGoOn(agent)
  return { machine, agent }
}
