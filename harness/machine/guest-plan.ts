import type { Device } from './devices.ts'
import type { MachineShape } from './machine-shape.ts'

/** Xen, which is started in place of the kernel and starts that as its first domain. */
interface Hypervisor {
  path: string
  parameters: readonly string[]
}

/** What a machine is started from. */
export interface GuestPlan {
  shape: MachineShape
  /** What to boot; left out where a snapshot is loaded instead. */
  boot?: { kernel: string; initramfs: string; parameters: readonly string[]; hypervisor?: Hypervisor }
  devices: readonly Device[]
  /** Further QEMU options, such as an incoming snapshot. */
  options?: readonly string[]
  /** `none` leaves out the serial bus and the agent's port: a machine with nothing in it that the host can act on. */
  channels?: 'none'
}
