import { EnvironmentFault } from '../model/faults.ts'
import type { GuestPlan } from './guest-plan.ts'
import type { MachineShape } from './machine-shape.ts'

type BootOfPlan = NonNullable<GuestPlan['boot']>

/** Console of a kernel that runs as a domain: the hypervisor has the serial port. */
const domainConsole = 'hvc0'

/** QEMU's options that start a kernel, or a hypervisor with a kernel for its first domain. */
export const bootArguments = (shape: MachineShape, boot: BootOfPlan): string[] =>
  boot.hypervisor === undefined ? kernelArguments(shape, boot) : hypervisorArguments(shape, boot, boot.hypervisor)

const kernelArguments = (shape: MachineShape, { kernel, initramfs, parameters }: BootOfPlan): string[] => [
  ...['-kernel', kernel, '-initrd', initramfs],
  ...['-append', [`console=${shape.architecture.console},115200`, ...shape.kernelParameters, ...parameters].join(' ')],
]

/**
 * QEMU loads a multiboot kernel, which Xen is on x86_64, with modules: files with their command lines, comma between them
 * (hw/i386/multiboot.c). A comma of a value is doubled; a blank ends the file's name, whatever stands before it.
 */
function hypervisorArguments(
  shape: MachineShape,
  { kernel, initramfs, parameters }: BootOfPlan,
  hypervisor: NonNullable<BootOfPlan['hypervisor']>,
): string[] {
  const line = [kernel, `console=${domainConsole}`, ...shape.kernelParameters, ...parameters].join(' ')
  const modules = [line, initramfs].map((module) => module.replaceAll(',', ',,')).join(',')
  return ['-kernel', withoutBlank(hypervisor.path), '-initrd', modules, '-append', hypervisor.parameters.join(' ')]
}

function withoutBlank(path: string): string {
  if (!path.includes(' ')) return path
  throw new EnvironmentFault(
    'E_QEMU_START',
    `QEMU cannot start a hypervisor from ${path}, because of the blank in it. Set XDG_CACHE_HOME to a folder without one.`,
  )
}
