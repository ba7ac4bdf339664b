import { joinRequirements, type Requirement } from '../harness/model/requirement.ts'
import { waiverRequirements } from '../harness/profile/waivers.ts'
import { guestRequirements } from './requirements.ts'
import { staticRequirements } from './static/check-image.ts'

/** The requirements of all suites by ID, in the order of the suites. */
export const allRequirements: ReadonlyMap<string, Requirement> = joinRequirements<Requirement>(
  [...staticRequirements.values()],
  waiverRequirements,
  guestRequirements,
)
