import type { MachineShape } from '../boot/machine-shape.ts'
import type { GuestTemplate } from '../boot/template.ts'
import type { BootFiles } from '../image/image-file.ts'

/** Where a suite finds what was prepared for its image. Plain data: it travels to vitest's workers as JSON. */
export interface SuiteCoordinates {
  imagePath: string
  boot: BootFiles
  /** The machine of the field's runners, for the boot suite. */
  contractShape: MachineShape
  /** This run's temporary folder. */
  runFolder: string
  /** Guests that already run the image with network, registry names and certificates; missing where no suite needs them. */
  templates?: {
    /** Podman has not been used yet. */
    fresh: GuestTemplate
    /** `docker.io/library/alpine:latest` is in the store. */
    pulled: GuestTemplate
  }
}

declare module 'vitest' {
  interface ProvidedContext {
    coordinates: SuiteCoordinates
  }
  interface TaskMeta {
    requirement?: string
    metrics?: import('../report/schema.ts').Metric[]
  }
}
