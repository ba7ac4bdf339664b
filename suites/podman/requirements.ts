import { type Requirement, rowsOfSuite } from '../../harness/model/requirement.ts'
import { confinementRequirements } from './requirements/confinement.ts'
import { faultRequirements } from './requirements/faults.ts'
import { imageRequirements } from './requirements/images.ts'
import { infoRequirements } from './requirements/info.ts'
import { layerRequirements } from './requirements/layers.ts'
import { lifecycleRequirements } from './requirements/lifecycle.ts'
import { loginRequirements } from './requirements/login.ts'
import { networkRequirements } from './requirements/network.ts'
import { pullRequirements } from './requirements/pull.ts'
import { runRequirements } from './requirements/run.ts'
import { storageRequirements } from './requirements/storage.ts'
import { usageRequirements } from './requirements/usage.ts'

/** What podman must do inside the booted image, area by area. */
export const podmanRequirements: readonly Requirement[] = rowsOfSuite(
  'podman',
  infoRequirements,
  pullRequirements,
  layerRequirements,
  imageRequirements,
  runRequirements,
  usageRequirements,
  confinementRequirements,
  lifecycleRequirements,
  networkRequirements,
  storageRequirements,
  loginRequirements,
  faultRequirements,
)
