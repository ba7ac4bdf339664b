import { type MachineShape, quickShape } from '../../machine/machine-shape.ts'
import { quickCpu } from '../../machine/processor-models.ts'
import type { ArchitectureName } from '../../model/architecture.ts'
import { architectures } from '../../model/architecture.ts'
import type { ProcessorFeature } from '../../model/processor-feature.ts'

/** `shift=0`: one instruction is one nanosecond of the guest's clock. */
export const nanosecondsPerInstruction = 1

/**
 * Without what the kernel does by chance (Linux, Documentation/admin-guide/kernel-parameters.txt). The same seed repeats it, but
 * any change of the image would shuffle it: with another seed the self-tests of ciphers alone moved the kernel's phase by 4 %,
 * and with these parameters it moved by 0.05 %, all of the boot by 0.02 % (aarch64, kernel 6.12).
 */
const kernelParameters: readonly string[] = [
  'mitigations=off',
  'norandmaps',
  'nokaslr',
  'randomize_kstack_offset=off',
  'cryptomgr.notests',
  // Else the end of unpacking falls into the phase before or after, as it comes.
  'initramfs_async=0',
]

/** Models that are the same in every version of QEMU, as `max` is not. */
const pinnedCpus: Record<ArchitectureName, (needed: readonly ProcessorFeature[]) => string> = {
  x86_64: (needed) => quickCpu('x86_64', needed),
  aarch64: () => architectures.aarch64.contractCpu,
}

/**
 * The machine on which time is a count of instructions: one processor, a clock that moves by 1 ns for each instruction
 * and jumps over idle time, the same randomness and the same date every time (qemu(1), "-icount", "-seed", "-rtc").
 */
export function exactShape(arch: ArchitectureName, needed: readonly ProcessorFeature[] = []): MachineShape {
  const quick = quickShape({ ...architectures[arch], tcgThread: 'single' }, 'tcg')
  return { ...quick, cpu: pinnedCpus[arch](needed), cpuCount: 1, kernelParameters }
}

/** On `virt` the interrupt controller must be named, since its default differs between versions of QEMU. */
const machineOptions: Record<ArchitectureName, readonly string[]> = {
  x86_64: [],
  aarch64: ['-machine', 'gic-version=3'],
}

/** QEMU's options that make a machine exact. Any disk or network device would make it inexact again. */
export const exactOptions = (arch: ArchitectureName, seed = 1): readonly string[] => [
  ...machineOptions[arch],
  ...['-icount', 'shift=0,sleep=off'],
  ...['-seed', String(seed)],
  ...['-rtc', 'base=2026-01-01T00:00:00,clock=vm'],
]
