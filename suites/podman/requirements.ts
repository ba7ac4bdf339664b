import type { Requirement } from '../../harness/requirement/requirement.ts'
import { confinementRequirements } from './requirements/confinement.ts'
import { imageRequirements } from './requirements/images.ts'
import { infoRequirements } from './requirements/info.ts'
import { layerRequirements } from './requirements/layers.ts'
import { lifecycleRequirements } from './requirements/lifecycle.ts'
import { pullRequirements } from './requirements/pull.ts'
import { runRequirements } from './requirements/run.ts'
import { storageRequirements } from './requirements/storage.ts'

/** What podman must do inside the booted image, area by area. */
export const podmanRequirements: readonly Requirement[] = [
  ...infoRequirements,
  ...pullRequirements,
  ...layerRequirements,
  ...runRequirements,
  ...confinementRequirements,
  ...imageRequirements,
  ...lifecycleRequirements,
  ...storageRequirements,
]
