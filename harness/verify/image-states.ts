import type { ArchitectureName } from '../architecture.ts'
import type { SuiteCoordinates } from '../exercise/coordinates.ts'
import type { FoundImage } from '../image/find-images.ts'
import type { InspectedImage } from '../inspect/inspect-image.ts'
import type { ImageReport, Metric, RequirementResult } from '../report/schema.ts'

/** An image on its way through the stages; each stage adds what it found. */
export interface SelectedImage extends FoundImage {
  /** What progress and reports call it. */
  label: string
}

export interface JudgedImage extends SelectedImage {
  arch: ArchitectureName
  inspected: InspectedImage
  requirements: readonly RequirementResult[]
  metrics: readonly Metric[]
  /** What booted it; missing until it was booted. */
  kernel?: ImageReport['kernel']
}

/** Where its guest suites find it, or why it was not booted. */
export type BootedImage = JudgedImage & ({ coordinates: SuiteCoordinates } | { notBooted: string })
