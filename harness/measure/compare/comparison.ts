import type { InspectedImage } from '../../inspect/inspect-image.ts'
import type { Lifetime } from '../../platform/process/lifetime.ts'
import type { Progress } from '../../platform/terminal/progress.ts'
import type { Profile } from '../../profile/profile.ts'
import type { Change } from '../gate/changes.ts'
import type { PairedComparison } from '../paired/paired-comparison.ts'
import type { ContentDifference } from './content-difference.ts'

export const tiers = ['0', '1', '2'] as const
type Tier = (typeof tiers)[number]

/** How two images are compared. */
export interface ComparisonOptions {
  tiers: Tier[]
  accelerator: 'auto' | 'kvm' | 'tcg'
  /** At least as many pairs of boots; more are taken where that many could show nothing. */
  pairs: number
  /** Of the order within pairs. */
  seed: number
  /** Guests side by side on the exact machine; the other tiers run one at a time. */
  jobs: number
}

/** Two images side by side: A is what is, B what is to replace it. */
export interface ImagePair {
  a: InspectedImage
  b: InspectedImage
}

export interface Comparison {
  a: InspectedImage['file']
  b: InspectedImage['file']
  content: ContentDifference
  /** Missing where tier 0 was not asked for. */
  exact?: Change[]
  /** Missing where neither tier 1 nor tier 2 was asked for. */
  paired?: PairedComparison
}

/** What a comparison works with, whichever tier. */
export interface CompareContext {
  options: ComparisonOptions
  images: ImagePair
  profile: Profile
  /** This run's temporary folder. */
  folder: string
  lifetime: Lifetime
  progress: Progress
}
