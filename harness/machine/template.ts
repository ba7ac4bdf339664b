import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { ArchitectureName } from '../model/architecture.ts'
import type { Lifetime } from '../platform/process/lifetime.ts'
import { requireTool } from '../platform/process/run-tool.ts'
import { type Device, memoryFile } from './devices.ts'
import type { GuestPlan } from './guest-plan.ts'
import { awaitsState, loadState, saveState } from './machine-state.ts'
import { type RunningGuest, startGuest } from './start-guest.ts'

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
export async function startTemplateGuest(
  plan: GuestPlan,
  folder: string,
  ownDevices: readonly Device[],
  lifetime: Lifetime,
): Promise<RunningGuest> {
  await makeMemory(folder, plan.shape.memoryMiB)
  return startGuest(withMemory(plan, folder, 'shared', ownDevices), lifetime)
}

/**
 * Makes the file of a guest's memory, all of it a hole: a QEMU that made it itself would have the folder to write to, and what the
 * harness puts there beside it would go through links of a guest that broke out.
 */
async function makeMemory(folder: string, sizeMiB: number): Promise<void> {
  const file = await open(memoryPath(folder), 'wx', 0o600)
  await file.truncate(sizeMiB * 1024 ** 2).finally(() => file.close())
}

/** Stops the guest, writes its state beside its memory, and ends its QEMU. */
export async function freeze(guest: RunningGuest, plan: GuestPlan, folder: string): Promise<GuestTemplate> {
  await saveState(guest, statePath(folder), 'mapped')
  await guest.kill()
  return { folder, plan }
}

/** Starts a guest that resumes where the template stopped; what it writes to memory stays its own, by copy on write. */
export function fork(
  template: GuestTemplate,
  ownDevices: readonly Device[],
  lifetime: Lifetime,
): Promise<RunningGuest> {
  return resume(template, withMemory(template.plan, template.folder, 'private', ownDevices), lifetime)
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
  return resume(template, withMemory(template.plan, folder, 'shared', ownDevices), lifetime)
}

async function resume(template: GuestTemplate, plan: GuestPlan, lifetime: Lifetime): Promise<RunningGuest> {
  const guest = await startGuest({ ...withoutBootFiles(plan), options: awaitsState }, lifetime)
  await loadState(guest, statePath(template.folder), 'mapped')
  return guest
}

/**
 * Kernel and initramfs lie in the memory already, and to read them again took a third of a fork's time. On x86 they come with a
 * ROM of their own that is part of the state (QEMU, hw/i386/x86.c); on `virt` they leave nothing but what is in memory.
 */
const areBootFilesOfState: Record<ArchitectureName, boolean> = { x86_64: true, aarch64: false }

function withoutBootFiles({ boot, ...plan }: GuestPlan): GuestPlan {
  return boot && areBootFilesOfState[plan.shape.architecture.name] ? { ...plan, boot } : plan
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
