/** What differs between architectures, in one table; boot values from the image's boot contract. */
export interface Architecture {
  name: ArchitectureName
  debian: 'amd64' | 'arm64'
  oci: 'amd64' | 'arm64'
  /** Has to be stated where it is (OCI image specification, "Platform Variants"). */
  ociVariant?: string
  /** As Node names the architecture of the host (`process.arch`). */
  node: NodeJS.Architecture
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
  /** The dynamic loader of glibc that the psABI names. */
  loader: string
}

export type ArchitectureName = 'x86_64' | 'aarch64'

export const architectures: Record<ArchitectureName, Architecture> = {
  x86_64: {
    name: 'x86_64',
    debian: 'amd64',
    oci: 'amd64',
    node: 'x64',
    elfMachine: 62,
    emulator: 'qemu-system-x86_64',
    machine: 'q35',
    contractCpu: 'Skylake-Client',
    tcgThread: 'single',
    kernelFile: 'bzImage',
    console: 'ttyS0',
    triplet: 'x86_64-linux-gnu',
    loader: '/lib64/ld-linux-x86-64.so.2',
  },
  aarch64: {
    name: 'aarch64',
    debian: 'arm64',
    oci: 'arm64',
    ociVariant: 'v8',
    node: 'arm64',
    elfMachine: 183,
    emulator: 'qemu-system-aarch64',
    machine: 'virt',
    contractCpu: 'cortex-a57',
    tcgThread: 'multi',
    kernelFile: 'Image',
    console: 'ttyAMA0',
    triplet: 'aarch64-linux-gnu',
    loader: '/lib/ld-linux-aarch64.so.1',
  },
}

export const architectureNames = Object.keys(architectures) as ArchitectureName[]

/** One that images for `name` are not for. */
export const otherArchitecture = (name: ArchitectureName): Architecture =>
  architectures[architectureNames.find((each) => each !== name) as ArchitectureName]

/** Where neither the user nor an image names one. */
export const defaultArchitecture: ArchitectureName = 'x86_64'

/** A value for each architecture. */
export const forEachArchitecture = <T>(valueFor: (name: ArchitectureName) => T): Record<ArchitectureName, T> =>
  Object.fromEntries(architectureNames.map((name) => [name, valueFor(name)])) as Record<ArchitectureName, T>
