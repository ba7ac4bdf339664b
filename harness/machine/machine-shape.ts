import type { Architecture, ArchitectureName } from '../model/architecture.ts'
import type { ProcessorFeature } from '../model/processor-feature.ts'
import { quickCpu } from './processor-models.ts'

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
 * A machine for a Xen host and two domains beside it. Xen itself dies on an emulated processor with SMAP (4.17 and 4.20 under QEMU
 * 7.2), and what it takes of the quick kernel's words is what is not about timers, which Xen gives.
 */
export function xenHostShape(architecture: Architecture, needed: readonly ProcessorFeature[] = []): MachineShape {
  return {
    ...contractShape(architecture, 'tcg'),
    cpu: `${quickCpu(architecture.name, needed)},-smap`,
    cpuCount: 1,
    kernelParameters: ['mitigations=off', 'norandmaps'],
  }
}

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
