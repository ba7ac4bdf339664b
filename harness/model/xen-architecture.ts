import type { ArchitectureName } from './architecture.ts'

/** QEMU starts Xen with modules by multiboot, which x86 alone has. */
const xenHosts: Record<ArchitectureName, boolean> = { x86_64: true, aarch64: false }

/** Whether the suite xen can run for an architecture. */
export const hasXenHost = (arch: ArchitectureName): boolean => xenHosts[arch]
