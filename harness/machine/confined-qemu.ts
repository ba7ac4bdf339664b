import type { Architecture } from '../model/architecture.ts'
import type { Device } from './devices.ts'
import type { GuestPlan } from './guest-plan.ts'
import { hasSandbox } from './qemu-version.ts'

/**
 * What QEMU takes beside its guest's memory: 1 GiB of translated code at most (qemu(1), "-accel", tb-size), and up to 64
 * threads for its disks and shares with stacks of 8 MiB each.
 */
const ownMemoryMiB = 3072

/**
 * What a QEMU of root's keeps of root's rights (capabilities(7)): those that a share takes whose files have the owners and modes
 * which guests give them. Without the others it mounts nothing, makes no device, and gets at no other process but by signals.
 */
const keptRights = ['chown', 'dac_override', 'fowner', 'fsetid']

const isRoot = (): boolean => process.getuid?.() === 0

/** Only root has rights to give up; what an ordinary user starts has none. */
const withoutRights = (): string[] =>
  isRoot() ? ['setpriv', `--bounding-set=-all,${keptRights.map((right) => `+${right}`).join()}`, '--'] : []

/**
 * The start of a command line by which QEMU runs in bounds: without root's rights but those that shares take, with a bound of
 * memory, without a core that would hold its guest's memory, and with its filter of system calls where it was built with one.
 */
export async function confinedQemu({ shape, devices }: GuestPlan): Promise<string[]> {
  const dataBytes = (shape.memoryMiB + ownMemoryMiB) * 1024 ** 2
  const sandbox = (await hasSandbox(shape.architecture)) ? ['-sandbox', sandboxFor(devices)] : []
  const bounds = ['prlimit', '--core=0', `--data=${dataBytes}`, '--']
  return [...withoutRights(), ...bounds, shape.architecture.emulator, ...sandbox]
}

/**
 * QEMU's filter of system calls (qemu(1), "-sandbox"). A forward has a helper that QEMU starts and that begins a session of its
 * own, which the filter counts among the elevated rights; there it gives those two up, and no new right is gained either way.
 */
function sandboxFor(devices: readonly Device[]): string {
  const rule = devices.some((device) => device.some((text) => text.includes('-cmd:'))) ? 'allow' : 'deny'
  return `on,obsolete=deny,elevateprivileges=${rule},spawn=${rule},resourcecontrol=deny`
}

/** What holds a QEMU of this architecture here, in words for a report. */
export async function confinementText(architecture: Architecture): Promise<string> {
  const filter = (await hasSandbox(architecture))
    ? 'a filter of system calls'
    : 'NO filter of system calls, without which this QEMU was built'
  return `${filter}; ${isRoot() ? 'of root’s rights those that shares take' : 'the rights of an ordinary user'}; a bound of memory`
}
