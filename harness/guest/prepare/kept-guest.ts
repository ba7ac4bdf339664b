import { existsSync, globSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { GuestPlan } from '../../machine/guest-plan.ts'
import { openSocketFolder } from '../../machine/qemu-socket.ts'
import { loadSnapshot, writeSnapshot } from '../../machine/snapshot.ts'
import type { RunningGuest } from '../../machine/start-guest.ts'
import type { ArchitectureName } from '../../model/architecture.ts'
import { CallFault, EnvironmentFault } from '../../model/faults.ts'
import type { Lifetime } from '../../platform/process/lifetime.ts'
import { GuestAgent, guestBusybox } from '../guest-agent.ts'
import { kvmObstacle } from './accelerator.ts'
import { newestFork } from './active-forks.ts'
import { ownDevices } from './podman-template.ts'

/** Guests kept of one image: each takes 250 to 400 MB, and further failures are often the same one. */
const maxKept = 3
/** A guest that was loaded answers within 1 s; the bound is for a loaded machine. */
const answerTimeoutMs = 60_000

const planFile = 'guest.json'
const unfinished = '.part'

/**
 * Keeps the guest of a test that failed, as it is, in a folder named by the requirement: the fork started last in this
 * process. Does nothing where there is none, or where enough of the image are kept.
 */
export async function keepGuest(snapshots: string, requirement: string): Promise<void> {
  const fork = newestFork()
  const folder = join(snapshots, requirement)
  await mkdir(snapshots, { recursive: true })
  const kept = (await readdir(snapshots)).filter((name) => !name.endsWith(unfinished))
  if (!fork || kept.length >= maxKept || existsSync(folder)) return
  const growing = `${folder}${unfinished}`
  await mkdir(growing)
  await writeSnapshot(fork.machine, growing)
  await writeFile(join(growing, planFile), JSON.stringify(fork.plan))
  await rename(growing, folder)
}

interface SnapshotEnvironment {
  tlsPort: number
  runFolder: string
  /** Called before a guest of this architecture is started. */
  admit: (name: ArchitectureName) => Promise<void>
}

/** Goes on with a kept guest, whose registry is at `tlsPort`. Throws CallFault for a folder that holds none. */
export async function openSnapshot(
  folder: string,
  { tlsPort, runFolder, admit }: SnapshotEnvironment,
  lifetime: Lifetime,
): Promise<{ machine: RunningGuest; agent: GuestAgent }> {
  const plan = await readPlan(folder)
  await admit(plan.shape.architecture.name)
  await requireAccelerator(folder, plan)
  const devices = ownDevices(await openSocketFolder(runFolder, 'kept', lifetime), tlsPort)
  const machine = await loadSnapshot(folder, plan, devices, lifetime)
  const agent = await GuestAgent.reach(machine, answerTimeoutMs)
  await agent.exec(guestBusybox, ['date', '-s', `@${Math.floor(Date.now() / 1000)}`])
  return { machine, agent }
}

/** A state that was kept under KVM does not go on under TCG, nor the other way round. */
async function requireAccelerator(folder: string, { shape: { accelerator, architecture } }: GuestPlan): Promise<void> {
  const obstacle = accelerator === 'kvm' ? await kvmObstacle(architecture.name) : undefined
  if (obstacle === undefined) return
  throw new EnvironmentFault(
    'E_NO_KVM',
    `The guest in ${folder} was kept under KVM and cannot be resumed without it: ${obstacle}. Open it on the machine that kept it, or keep one here by verify.mjs --on-failure snapshot.`,
  )
}

async function readPlan(folder: string): Promise<GuestPlan> {
  const path = join(folder, planFile)
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw new CallFault(`${folder} contains no guest kept by verify: ${path} cannot be read.`, { cause })
  })
  return JSON.parse(text) as GuestPlan
}

/** Folders of the guests that a run kept, of all its images. */
export const keptGuests = (folder: string): string[] =>
  globSync(`*/*/${planFile}`, { cwd: folder })
    .filter((path) => !dirname(path).endsWith(unfinished))
    .map((path) => join(folder, dirname(path)))
