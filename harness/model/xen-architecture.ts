import type { ArchitectureName } from './architecture.ts'

/** Whether the suite xen can run for an architecture: QEMU starts Xen with modules by multiboot, which x86 alone has. */
export const hasXenHost = (arch: ArchitectureName): boolean => arch === 'x86_64'
