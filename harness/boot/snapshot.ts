import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Lifetime } from '../process/lifetime.ts'
import type { Device } from './devices.ts'
import { type GuestPlan, type RunningGuest, startGuest } from './start-guest.ts'
import { migrate } from './template.ts'
import { within } from './within.ts'

const statePath = (folder: string): string => join(folder, 'state')

/** It takes some milliseconds, and was seen to take longer than an answer does on a loaded machine. */
const settleTimeoutMs = 60_000
const pollMs = 10

/** Unlike a template's, this state holds the memory too, as the fork's own part of it is in no file. */
const memory = 'included'

/** Writes all of a running guest, memory and devices, into a folder; the guest goes on afterwards. */
export async function writeSnapshot(guest: RunningGuest, folder: string): Promise<void> {
  await guest.monitor.execute('stop')
  // The default of 128 MiB/s is meant for networks (QEMU, migration/options.c).
  await guest.monitor.execute('migrate-set-parameters', { 'max-bandwidth': 8 * 1024 ** 3 })
  await migrate(guest.monitor, 'migrate', `exec:cat > '${statePath(folder)}'`, memory)
  await within(settleTimeoutMs, settled(guest))
  await guest.monitor.execute('cont')
}

/**
 * The event of a migration's end comes before QEMU has left the state in which it refuses to go on (migration_completion and
 * migration_iteration_finish in migration/migration.c); of that there is no event.
 */
async function settled({ monitor }: RunningGuest): Promise<void> {
  while (((await monitor.execute('query-status')) as { status: string }).status === 'finish-migrate')
    await setTimeout(pollMs)
}

/** Starts a guest that goes on where the snapshot was taken. */
export async function loadSnapshot(
  folder: string,
  plan: GuestPlan,
  ownDevices: readonly Device[],
  lifetime: Lifetime,
): Promise<RunningGuest> {
  const own = [
    '-object',
    `memory-backend-ram,id=memory,size=${plan.shape.memoryMiB}M`,
    '-machine',
    'memory-backend=memory',
  ]
  const devices = [own, ...plan.devices, ...ownDevices]
  const guest = await startGuest({ ...plan, devices, options: ['-incoming', 'defer'] }, lifetime)
  await migrate(guest.monitor, 'migrate-incoming', `exec:cat '${statePath(folder)}'`, memory)
  await guest.monitor.execute('cont')
  return guest
}
