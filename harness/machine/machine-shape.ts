import type { Architecture, ArchitectureName } from '../model/architecture.ts'
import type { ProcessorFeature } from '../model/processor-feature.ts'

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

interface QuickCpu {
  /** What it has beyond the baseline, as far as an image can be seen to need it. */
  has: readonly ProcessorFeature[]
  cpu: string
}

const v2Cpu = 'qemu64,+ssse3,+sse4.1,+sse4.2,+popcnt,+cx16'

/**
 * Quick models for software emulation (QEMU 7.2, kernel 6.12). `qemu64` with SSE4.2 booted 15 to 20 % faster than `max`. With AVX2
 * the kernel hangs on it while it sets up the processor; Haswell took 1.04 of its time to boot and 1.27 for podman, Skylake 1.5. On
 * aarch64, `max` without what is dear to translate took 0.6 of the time of cortex-a57, cortex-a76 and neoverse-n1 for five
 * commands of podman; 52-bit addresses are off because kernels before 5.12 do not start with them
 * (QEMU issue 964). No QEMU emulates AVX-512 (x86-64-v4).
 */
const quickCpus: Record<ArchitectureName, readonly QuickCpu[]> = {
  x86_64: [
    { has: ['x86-64-v2'], cpu: v2Cpu },
    { has: ['x86-64-v2', 'x86-64-v3'], cpu: 'Haswell-noTSX' },
  ],
  aarch64: [
    { has: ['lse'], cpu: 'max,pauth=off,sve=off,sme=off,lpa2=off' },
    { has: ['lse', 'sve'], cpu: 'max,pauth=off,sme=off,lpa2=off' },
  ],
}

/** The quickest model that has all that is needed; where none has, that with the most. */
export const quickCpu = (arch: ArchitectureName, needed: readonly ProcessorFeature[]): string =>
  (quickCpus[arch].find(({ has }) => needed.every((feature) => has.includes(feature))) ?? quickCpus[arch].at(-1))
    ?.cpu as string

/**
 * On a loaded host the kernel finds that the emulated timer does not tick, and panics before the initramfs ("IO-APIC + timer
 * doesn't work!", arch/x86/kernel/apic/io_apic.c). It leaves this check out by itself under KVM, Xen and Hyper-V.
 */
const emulatedKernel: Record<ArchitectureName, readonly string[]> = { x86_64: ['no_timer_check'], aarch64: [] }

/** The machine that runners in the field start: the boot contract's table. */
export function contractShape(architecture: Architecture, accelerator: Accelerator): MachineShape {
  return {
    architecture,
    accelerator,
    cpu: accelerator === 'tcg' ? architecture.contractCpu : 'host',
    cpuCount: 2,
    memoryMiB: 2048,
    kernelParameters: accelerator === 'tcg' ? emulatedKernel[architecture.name] : [],
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
export function quickShape(
  architecture: Architecture,
  accelerator: Accelerator,
  needed: readonly ProcessorFeature[] = [],
): MachineShape {
  const shape = contractShape(architecture, accelerator)
  if (accelerator === 'kvm') return shape
  return {
    ...shape,
    cpu: quickCpu(architecture.name, needed),
    cpuCount: 1,
    kernelParameters: [...shape.kernelParameters, ...quickKernel],
  }
}
