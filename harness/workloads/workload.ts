import type { ArchitectureName } from '../model/architecture.ts'

/** One entry of a layer, in the order of the archive. Owner and group are root, times are fixed. */
export type TarEntry = {
  /** Relative to the root of the image, without a leading slash. */
  path: string
  /** Permissions with setuid, setgid and sticky bit; 0644 for files, 0755 for directories where left out. */
  mode?: number
  uid?: number
  gid?: number
  /** Extended attributes by name; values travel as UTF-8 (PAX records `SCHILY.xattr.*`). */
  xattrs?: Readonly<Record<string, string>>
} & (
  | { type: 'file'; content: string | Uint8Array }
  | { type: 'directory' }
  | { type: 'symlink'; target: string }
  | { type: 'hardlink'; target: string }
  | { type: 'fifo' }
)

export const compressions = ['gzip', 'zstd', 'none'] as const
export type Compression = (typeof compressions)[number]

/** A layer as it is stored in a registry. */
export interface PackedLayer {
  compression: Compression
  /** The blob as it is sent. */
  blob: Uint8Array
  /** Digest of the uncompressed archive, `sha256:…`. */
  diffId: string
}

/** What a layer may be made of. */
export interface Ingredients {
  arch: ArchitectureName
  /** The static busybox of that architecture. */
  busybox: Uint8Array
}

export type LayerRecipe =
  | { entries: readonly TarEntry[]; compression?: Compression }
  | { packed: () => PackedLayer | Promise<PackedLayer> }

/** `config` of an image configuration (OCI image specification, "Image Configuration"; Healthcheck is Docker's own). */
export interface ImageSettings {
  Entrypoint?: readonly string[]
  Cmd?: readonly string[]
  Env?: readonly string[]
  User?: string
  WorkingDir?: string
  ExposedPorts?: Readonly<Record<string, object>>
  Volumes?: Readonly<Record<string, object>>
  StopSignal?: string
  Labels?: Readonly<Record<string, string>>
  /** Durations in nanoseconds. */
  Healthcheck?: { Test: readonly string[]; Interval?: number; Timeout?: number; Retries?: number; StartPeriod?: number }
}

/** One image of the registry, as data. */
export interface Workload {
  /** Unique among all workloads, kebab-case. */
  name: string
  /** What it is there to prove. */
  purpose: string
  /** `repository:tag` in the registry; a repository of another host than Docker Hub starts with that host's name. */
  references: readonly string[]
  /** `oci` where left out. */
  format?: 'oci' | 'docker'
  /** All architectures where left out. */
  architectures?: readonly ArchitectureName[]
  settings: ImageSettings
  layers(ingredients: Ingredients): readonly LayerRecipe[]
  /**
   * Made by an attacker. `refused`: a pull fails and leaves nothing behind. `contained`: containers/storage unpacks in
   * a changed root, so that a pull may succeed, but nothing outside the image's own root is written or read.
   */
  hostile?: 'refused' | 'contained'
}
