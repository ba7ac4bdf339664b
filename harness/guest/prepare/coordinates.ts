import type { BootFiles } from '../../image/image-file.ts'
import type { MachineShape } from '../../machine/machine-shape.ts'
import type { GuestTemplate } from '../../machine/template.ts'
import type { EngineName } from '../../model/engine.ts'
import type { EraName, FeatureName } from '../../model/era.ts'
import type { RegistryCoordinates } from '../../registry/open-guest-front.ts'

/** What it takes to boot an image as a runner does. */
export interface BootCoordinates {
  imagePath: string
  /** Whose images its runner starts. */
  engine: EngineName
  boot: BootFiles
  /** The machine of the field's runners, for the boot suite. */
  contractShape: MachineShape
  /** This run's temporary folder. */
  runFolder: string
}

/** Where a suite finds what was prepared for its image. Plain data: it travels to vitest's workers as JSON. */
export interface SuiteCoordinates extends BootCoordinates {
  /** What this run's words, codes and numbers are drawn from. */
  seed: number
  /** Whose runners the image is made for. */
  era: EraName
  /** Folder for the guests of tests that failed; missing where none are kept. */
  snapshots?: string
  /** Features of the contract that nobody asks of this image, with the reason. */
  notApplicable?: Partial<Record<FeatureName, string>>
  /** IDs of requirements whose results are known, which are not asked. */
  known?: readonly string[]
  /** Present where a suite needs guests that already run the image. */
  podman?: PodmanCoordinates
  /** Present for the suite xen: a host on which no domain was created yet. */
  xen?: GuestTemplate
}

export interface PodmanCoordinates {
  templates: PreparedTemplates
  /** The run's own TLS port, and what it takes to open further ones. */
  registry: RegistryCoordinates & { tlsPort: number }
  /** Digest of the index of each workload, by the workload's name. */
  workloadDigests: Readonly<Record<string, string>>
}

/** Guests that run the image with network, registry names and certificates, ready to be forked. */
export interface PreparedTemplates {
  /** Podman has not been used yet. */
  fresh: PreparedTemplate
  /** `docker.io/library/alpine:latest` is in the store. */
  pulled: PreparedTemplate
}

/** A template, or what the image did instead of becoming one. */
export type PreparedTemplate = { template: GuestTemplate } | { fault: { message: string; evidence: string } }
