import { join } from 'node:path'
import { EnvironmentFault } from '../faults.ts'
import type { Lifetime } from '../process/lifetime.ts'
import { requireTool } from '../process/run-tool.ts'
import { type Device, memoryFile } from './devices.ts'
import type { JsonChannel } from './json-channel.ts'
import { type GuestPlan, type RunningGuest, startGuest } from './start-guest.ts'
import { within } from './within.ts'

/** A snapshot takes 0.05 s and its loading 0.1 s here; the bound is for a slow disk under load. */
const migrationTimeoutMs = 60_000
/** Copying 300 MB of memory takes 0.2 s here. */
const copyTimeoutMs = 60_000

/** A guest stopped at a moment of its life, from which any number of forks start. Plain data: workers receive it as JSON. */
export interface GuestTemplate {
  /** Holds `memory` and `state`; forks map the first and read the second. */
  folder: string
  /** What all forks have in common. Each adds its own devices: the same to the guest, with a host end that is its own. */
  plan: GuestPlan
}

const memoryPath = (folder: string) => join(folder, 'memory')
const statePath = (folder: string) => join(folder, 'state')

/** Boots a guest whose memory lies in a file of the folder, so that it can become a template. */
export function startTemplateGuest(
  plan: GuestPlan,
  folder: string,
  ownDevices: readonly Device[],
  lifetime: Lifetime,
): Promise<RunningGuest> {
  return startGuest(withMemory(plan, folder, 'shared', ownDevices), lifetime)
}

/** Stops the guest, writes its state beside its memory, and ends its QEMU. */
export async function freeze(guest: RunningGuest, plan: GuestPlan, folder: string): Promise<GuestTemplate> {
  await guest.monitor.execute('stop')
  await migrate(guest.monitor, 'migrate', `exec:cat > '${statePath(folder)}'`)
  await guest.kill()
  return { folder, plan }
}

/** Starts a guest that goes on where the template stopped; what it writes to memory stays its own, by copy on write. */
export function fork(
  template: GuestTemplate,
  ownDevices: readonly Device[],
  lifetime: Lifetime,
): Promise<RunningGuest> {
  return goOn(template, withMemory(template.plan, template.folder, 'private', ownDevices), lifetime)
}

/** Like `fork`, with a copy of the memory in another folder, so that the guest can become a template there. */
export async function forkInto(
  folder: string,
  template: GuestTemplate,
  ownDevices: readonly Device[],
  lifetime: Lifetime,
): Promise<RunningGuest> {
  const copy = ['--sparse=always', '--reflink=auto', memoryPath(template.folder), memoryPath(folder)]
  await requireTool('cp', copy, { timeoutMs: copyTimeoutMs })
  return goOn(template, withMemory(template.plan, folder, 'shared', ownDevices), lifetime)
}

async function goOn(template: GuestTemplate, plan: GuestPlan, lifetime: Lifetime): Promise<RunningGuest> {
  const guest = await startGuest({ ...plan, options: ['-incoming', 'defer'] }, lifetime)
  await migrate(guest.monitor, 'migrate-incoming', `exec:cat '${statePath(template.folder)}'`)
  await guest.monitor.execute('cont')
  return guest
}

function withMemory(
  plan: GuestPlan,
  folder: string,
  mapping: 'shared' | 'private',
  ownDevices: readonly Device[],
): GuestPlan {
  const memory = memoryFile(memoryPath(folder), plan.shape.memoryMiB, mapping)
  return { ...plan, devices: [memory, ...plan.devices, ...ownDevices] }
}

/** Writes or reads the state: without the memory where both sides have it mapped (capability x-ignore-shared), or with it. */
export async function migrate(
  monitor: JsonChannel,
  command: 'migrate' | 'migrate-incoming',
  uri: string,
  memory: 'mapped' | 'included' = 'mapped',
): Promise<void> {
  const capabilities = [
    { capability: 'events', state: true },
    { capability: 'x-ignore-shared', state: memory === 'mapped' },
  ]
  await monitor.execute('migrate-set-capabilities', { capabilities })
  const settled = monitor.event('MIGRATION', (data) => ['completed', 'failed'].includes((data as Migration).status))
  await monitor.execute(command, { uri })
  const { status } = (await within(migrationTimeoutMs, settled)) as Migration
  if (status === 'failed') throw new EnvironmentFault(`QEMU could not ${purposes[command]}: ${await reasonOf(monitor)}`)
}

interface Migration {
  status: string
}

const purposes = { migrate: 'write the snapshot', 'migrate-incoming': 'load the snapshot' } as const

async function reasonOf(monitor: JsonChannel): Promise<string> {
  const answer = (await monitor.execute('query-migrate')) as { 'error-desc'?: string }
  return answer['error-desc'] ?? 'it gave no reason'
}
