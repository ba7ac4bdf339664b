import { join } from 'node:path'
import type { Lifetime } from '../platform/process/lifetime.ts'
import type { Device } from './devices.ts'
import type { GuestPlan } from './guest-plan.ts'
import { awaitsState, loadState, saveState } from './machine-state.ts'
import { type RunningGuest, startGuest } from './start-guest.ts'

const statePath = (folder: string): string => join(folder, 'state')

/** Unlike a template's, this state holds the memory too, as the fork's own part of it is in no file. */
const memory = 'included'

/** Writes all of a running guest, memory and devices, into a folder; the guest goes on afterwards. */
export async function writeSnapshot(guest: RunningGuest, folder: string): Promise<void> {
  await saveState(guest, statePath(folder), memory)
  await guest.monitor.execute('cont')
}

/** Starts a guest that resumes where the snapshot was taken. */
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
  const guest = await startGuest({ ...plan, devices, options: awaitsState }, lifetime)
  await loadState(guest, statePath(folder), memory)
  return guest
}
