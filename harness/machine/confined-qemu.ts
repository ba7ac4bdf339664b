import type { Architecture } from '../model/architecture.ts'
import type { Device } from './devices.ts'
import type { GuestPlan } from './guest-plan.ts'
import { qemuUser } from './qemu-user.ts'
import { hasSandbox } from './qemu-version.ts'
import { qemuView, viewObstacle } from './qemu-view.ts'
import { isSandboxOff } from './sandbox-switch.ts'

/**
 * What QEMU takes beside its guest's memory: 1 GiB of translated code at most (qemu(1), "-accel", tb-size), and up to 64
 * threads for its disks and shares with stacks of 8 MiB each.
 */
const ownMemoryMiB = 3072

/** Threads and helpers of a QEMU whose user is its alone: 64 threads, a helper for each of 128 connections, and as many more. */
const maxProcesses = 512

/** How QEMU is started in bounds. */
export interface ConfinedQemu {
  /** The start of its command line. */
  command: string[]
  /** Whether it runs in name spaces of its own, behind processes that keep them. */
  hasView: boolean
}

/**
 * QEMU with a view of its guest's files and of `folder` alone, as a user of its own where root starts it, with a bound of memory,
 * without a core that would hold its guest's memory, and with its filter of system calls: each as far as it can be had here, and
 * with `--no-sandbox` the bound and no core alone.
 */
export async function confinedQemu(plan: GuestPlan, folder: string): Promise<ConfinedQemu> {
  const { architecture, memoryMiB } = plan.shape
  const memory = ['--core=0', `--data=${(memoryMiB + ownMemoryMiB) * 1024 ** 2}`]
  if (isSandboxOff()) return { command: ['prlimit', ...memory, '--', architecture.emulator], hasView: false }
  const user = await qemuUser()
  const hasView = (await viewObstacle(architecture)) === undefined
  const processes = user.isOwn ? [`--nproc=${maxProcesses}`] : []
  const bounds = ['prlimit', ...memory, ...processes, '--']
  const sandbox = (await hasSandbox(architecture)) ? ['-sandbox', sandboxFor(plan.devices)] : []
  const view = hasView ? qemuView(plan, folder) : []
  return { command: [...view, ...user.command, ...bounds, architecture.emulator, ...sandbox], hasView }
}

/**
 * QEMU's filter of system calls (qemu(1), "-sandbox"). A forward has a helper that QEMU starts and that begins a session of its
 * own, which the filter counts among the elevated rights; there it gives those two up, and no new right is gained either way.
 */
function sandboxFor(devices: readonly Device[]): string {
  const rule = devices.some((device) => device.some((text) => text.includes('-cmd:'))) ? 'allow' : 'deny'
  return `on,obsolete=deny,elevateprivileges=${rule},spawn=${rule},resourcecontrol=deny`
}

/** What is not in force of the sandbox of a QEMU of this architecture here, in words for a report; none where all is. */
export async function sandboxGaps(architecture: Architecture): Promise<string[]> {
  if (isSandboxOff()) return ['NO sandbox, as --no-sandbox asks, so it sees and does what its user may']
  const obstacle = await viewObstacle(architecture)
  return [
    ...((await hasSandbox(architecture)) ? [] : ['NO filter of system calls, without which this QEMU was built']),
    ...(obstacle === undefined ? [] : [`NO view of its own, so it sees all files of the host: ${obstacle}`]),
  ]
}

/** What holds a QEMU of this architecture here, in words for a report. */
export async function confinementText(architecture: Architecture): Promise<string> {
  const gaps = await sandboxGaps(architecture)
  if (isSandboxOff()) return `${gaps.join('; ')}; a bound of memory`
  const filter = (await hasSandbox(architecture)) ? ['a filter of system calls'] : []
  const hasView = (await viewObstacle(architecture)) === undefined
  const view = hasView ? ['a view of its guest’s files and of no other process'] : []
  return [...gaps, ...filter, ...view, `runs as ${(await qemuUser()).words}`, 'a bound of memory'].join('; ')
}
