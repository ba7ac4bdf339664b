import { staticRequirements } from '../harness/inspect/check-image.ts'
import { waiverRequirements } from '../harness/profile/waivers.ts'
import { joinRequirements, type Requirement } from '../harness/requirement/requirement.ts'
import { guestRequirements } from './requirements.ts'

/** The requirements of all suites by ID, in the order of the suites. */
export const allRequirements: ReadonlyMap<string, Requirement> = joinRequirements<Requirement>(
  [...staticRequirements.values()],
  waiverRequirements,
  guestRequirements,
)
