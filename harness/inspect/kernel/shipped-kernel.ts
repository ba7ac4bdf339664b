import type { InitramfsModule } from './initramfs-modules.ts'
import type { KernelConfig } from './kernel-config.ts'
import type { ModulesArchive } from './modules-archive.ts'

/** What can be told of the kernel that is to start an image, without starting it. */
export interface ShippedKernel {
  /** On the host. */
  path: string
  /** As `uname -r` prints it, or `unknown`. */
  version: string
  /** Undefined where neither the kernel nor a file beside it or in the image tells it. */
  config: { options: KernelConfig; origin: string } | undefined
  /** Modules that are built in, by modules.builtin; undefined where there is none for this kernel. */
  builtIn: { modules: ReadonlySet<string>; origin: string } | undefined
  /** Names in its System.map. */
  symbols: ReadonlySet<string> | undefined
  /** Undefined where none lies beside it. It may be another kernel's. */
  archive: Pick<ModulesArchive, 'path' | 'release' | 'modules'> | undefined
  /** Undefined where the harness's own is taken. */
  initramfs: ShippedInitramfs | undefined
}

export interface ShippedInitramfs {
  path: string
  packing: string | undefined
  /** Undefined where they are not all known. */
  modules: readonly InitramfsModule[] | undefined
}

/** The kernel, or why there is none to look at. */
export type KernelOfImage = ShippedKernel | { notRead: string }

/** Options by the name that they have in the kernel's configuration, without `CONFIG_`, each with its module where it may be one. */
type KernelOptions = Readonly<Record<string, string | null>>

/** One thing that a kernel must be able to do. */
export interface KernelNeed {
  /** Any one of them does it. */
  options: KernelOptions
  /** A name in System.map that is there where it is built in. */
  symbol?: string
  /** Who needs it, and what happens without it: a clause behind "without it". */
  breaks: string
  /** Before the root is mounted: a module must be in the initramfs. */
  early?: true
}
