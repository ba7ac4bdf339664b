import type { Architecture } from '../architecture.ts'

/** What executes the guest's instructions: the processor itself (KVM), or QEMU's translation (TCG). */
export type Accelerator = 'kvm' | 'tcg'

/** Everything about a machine that a guest can see, apart from its devices. */
export interface MachineShape {
  architecture: Architecture
  accelerator: Accelerator
  cpu: string
  cpuCount: number
  memoryMiB: number
  /** Kernel parameters that belong to the shape. */
  kernelParameters: readonly string[]
}

/**
 * Quick models for software emulation (QEMU 7.2, kernel 6.12). `qemu64` with SSE4.2 booted 15 to 20 % faster than `max`. On
 * aarch64, `max` without what is dear to translate took 0.6 of the time of cortex-a57, cortex-a76 and neoverse-n1 for five
 * commands of podman; 52-bit addresses are off because kernels before 5.12 do not start with them
 * (QEMU issue 964).
 */
export const quickCpu = {
  x86_64: 'qemu64,+ssse3,+sse4.1,+sse4.2,+popcnt,+cx16',
  aarch64: 'max,pauth=off,sve=off,sme=off,lpa2=off',
} as const

/** The machine that runners in the field start: the boot contract's table. */
export function contractShape(architecture: Architecture, accelerator: Accelerator): MachineShape {
  return {
    architecture,
    accelerator,
    cpu: accelerator === 'tcg' ? architecture.contractCpu : 'host',
    cpuCount: 2,
    memoryMiB: 2048,
    kernelParameters: [],
  }
}

/**
 * Under emulation, together these halve the time of podman's commands (five of them, two guests side by side on two cores, QEMU
 * 7.2). Programs that always lie at the same addresses are translated once and not at each start: 0.6 to 0.7 of the time. Go's
 * scheduler sleeps for some 20 µs at a time, and each timer of less than a tick interrupts the translated code: 0.8 to 0.9
 * without such timers. Mitigations protect nothing inside an emulated guest.
 */
const quickKernel = ['mitigations=off', 'norandmaps', 'highres=off']

/**
 * A machine for suites that test podman and not the boot, as quick as emulation allows. One processor took 0.65 of the time of
 * two on aarch64.
 */
export function quickShape(architecture: Architecture, accelerator: Accelerator): MachineShape {
  const shape = contractShape(architecture, accelerator)
  if (accelerator === 'kvm') return shape
  return { ...shape, cpu: quickCpu[architecture.name], cpuCount: 1, kernelParameters: quickKernel }
}
