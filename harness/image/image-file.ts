import type { ArchitectureName } from '../model/architecture.ts'

/** A squashfs that was found and read, but not yet looked into. */
export interface ImageFile {
  /** Absolute path on the host. */
  path: string
  sha256: string
  sizeBytes: number
  /** What lies around it, where bitbake deployed it. */
  deployment?: Deployment
}

/** What is known of an image from where it lies. */
export interface Deployment {
  /** What in the copy for runners is not what was built last, a sentence each; missing where there is no copy. */
  stale?: readonly string[]
  /** Absolute path of Yocto's bill of materials of this image. */
  spdx?: string
}

/** Kernel and initramfs that boot an image; ours (the boot kit) or the user's. */
export interface BootFiles {
  arch: ArchitectureName
  /** Absolute paths on the host. */
  kernel: string
  initramfs: string
  /** The same behind the archive that brings the harness's agent, for guests that need it (harness/recipes/agent/agent-archive.ts). */
  agentInitramfs: string
  /** As `uname -r` prints it, or `unknown` for a kernel that does not tell. */
  kernelVersion: string
  origin: 'kit' | 'user'
}
