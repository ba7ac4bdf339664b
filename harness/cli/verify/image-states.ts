import type { SuiteCoordinates } from '../../guest/prepare/coordinates.ts'
import type { FoundImage } from '../../image/find-images.ts'
import type { BootFiles } from '../../image/image-file.ts'
import type { ArchitectureName } from '../../model/architecture.ts'
import type { Boot } from '../../model/boot.ts'
import type { FeatureName } from '../../model/era.ts'
import type { SuiteName } from '../../model/requirement.ts'
import type { Metric, RequirementResult } from '../../model/result.ts'
import type { Profile } from '../../profile/profile.ts'
import type { WaiverBook } from '../../profile/waivers.ts'
import type { Pull, ShownConfiguration, ShownPackages } from '../../report/details-schema.ts'
import type { ImageReport, MeasurementKey } from '../../report/schema.ts'

/** An image on its way through the stages; each stage adds what it found. */
export interface SelectedImage extends FoundImage {
  /** What progress and reports call it. */
  label: string
}

export interface JudgedImage extends SelectedImage {
  arch: ArchitectureName
  profile: Profile
  /** What in the image speaks for the profile; missing where the user named it. */
  profileReason?: string
  /** Features of the contract that nobody asks of it, with the reason. */
  notApplicable: Partial<Record<FeatureName, string>>
  /** Has been applied to the results so far. */
  waiverBook: WaiverBook
  requirements: readonly RequirementResult[]
  metrics: readonly Metric[]
  /** What the image is made of, as SPDX in JSON. */
  billOfMaterials: string
  /** What a report shows of them; the bill and --effective-config have all. */
  configuration: ShownConfiguration
  packages: ShownPackages
  boots?: readonly Boot[]
  pulls?: readonly Pull[]
  /** What shaped its exact measurement; missing where it was not measured. */
  measurement?: MeasurementKey
  /** What need not be asked of its guests again; missing where nothing is reused. */
  reuse?: Reuse
  /** Files that booted it; missing until it was booted. */
  bootedWith?: Pick<BootFiles, 'kernel' | 'initramfs'>
  /** What booted it; missing until it was booted. */
  kernel?: ImageReport['kernel']
}

/** What is known of an image before its guests are asked. */
export interface Reuse {
  /** IDs of requirements that have their results already. */
  known: readonly string[]
  /** The others, with the files of their tests. */
  left: readonly { id: string; suite: SuiteName; file: string }[]
}

/** Where its guest suites find it, or why it was not booted. */
export type BootedImage = JudgedImage &
  (
    | {
        coordinates: SuiteCoordinates
        /** Suites that are not run, with the reason. */
        notRun: Partial<Record<SuiteName, string>>
      }
    | { notBooted: string }
  )
