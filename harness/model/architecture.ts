/** What differs between the two architectures, in one table; boot values from the image's boot contract. */
export interface Architecture {
  name: ArchitectureName
  debian: 'amd64' | 'arm64'
  oci: 'amd64' | 'arm64'
  /** `e_machine` of the ELF header (ELF specification, figure 1-3). */
  elfMachine: number
  emulator: string
  machine: string
  /** CPU model of the field's runners where no acceleration is at hand. */
  contractCpu: string
  /**
   * Threads of software emulation. With one for each processor, about 1 boot in 100 of an x86_64 guest panicked with
   * "Oops: int3" (QEMU 7.2, kernel 6.12): one processor runs the breakpoint that another has just replaced while it
   * patches the kernel. Two guests side by side on 2 cores ran no slower with one thread each.
   */
  tcgThread: 'single' | 'multi'
  kernelFile: 'bzImage' | 'Image'
  console: 'ttyS0' | 'ttyAMA0'
  /** Triplet of Debian's library folders. */
  triplet: string
}

export type ArchitectureName = 'x86_64' | 'aarch64'

export const architectures: Record<ArchitectureName, Architecture> = {
  x86_64: {
    name: 'x86_64',
    debian: 'amd64',
    oci: 'amd64',
    elfMachine: 62,
    emulator: 'qemu-system-x86_64',
    machine: 'q35',
    contractCpu: 'Skylake-Client',
    tcgThread: 'single',
    kernelFile: 'bzImage',
    console: 'ttyS0',
    triplet: 'x86_64-linux-gnu',
  },
  aarch64: {
    name: 'aarch64',
    debian: 'arm64',
    oci: 'arm64',
    elfMachine: 183,
    emulator: 'qemu-system-aarch64',
    machine: 'virt',
    contractCpu: 'cortex-a57',
    tcgThread: 'multi',
    kernelFile: 'Image',
    console: 'ttyAMA0',
    triplet: 'aarch64-linux-gnu',
  },
}

export const architectureNames = Object.keys(architectures) as ArchitectureName[]
