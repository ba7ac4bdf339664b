import type { Device } from './devices.ts'
import { hasSandbox } from './qemu-version.ts'
import type { GuestPlan } from './start-guest.ts'

/**
 * What QEMU takes beside its guest's memory: 1 GiB of translated code at most (qemu(1), "-accel", tb-size), and up to 64
 * threads for its disks and shares with stacks of 8 MiB each.
 */
const ownMemoryMiB = 3072

/**
 * The start of a command line, for prlimit(1), by which QEMU runs in bounds: of memory, without a core that would hold its
 * guest's memory, and with its filter of system calls where it was built with one.
 */
export async function confinedQemu({ shape, devices }: GuestPlan): Promise<string[]> {
  const dataBytes = (shape.memoryMiB + ownMemoryMiB) * 1024 ** 2
  const sandbox = (await hasSandbox(shape.architecture)) ? ['-sandbox', sandboxFor(devices)] : []
  return ['--core=0', `--data=${dataBytes}`, '--', shape.architecture.emulator, ...sandbox]
}

/**
 * QEMU's filter of system calls (qemu(1), "-sandbox"). A forward has a helper that QEMU starts and that begins a session of its
 * own, which the filter counts among the elevated rights; there it gives those two up, and no new right is gained either way.
 */
function sandboxFor(devices: readonly Device[]): string {
  const rule = devices.some((device) => device.some((text) => text.includes('-cmd:'))) ? 'allow' : 'deny'
  return `on,obsolete=deny,elevateprivileges=${rule},spawn=${rule},resourcecontrol=deny`
}
