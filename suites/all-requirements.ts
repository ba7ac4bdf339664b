import type { EngineName } from '../harness/model/engine.ts'
import {
  isAskedOf,
  joinRequirements,
  type Requirement,
  type SuiteName,
  suiteNames,
} from '../harness/model/requirement.ts'
import { waiverRequirements } from '../harness/profile/waivers.ts'
import { guestRequirements } from './requirements.ts'
import { staticRequirements } from './static/check-image.ts'

/** The requirements of all suites by ID, in the order of the suites. */
export const allRequirements: ReadonlyMap<string, Requirement> = joinRequirements<Requirement>(
  [...staticRequirements.values()],
  waiverRequirements,
  guestRequirements,
)

/** The suites that judge images of an engine: those that ask something of them. */
export const suitesOf = (engine: EngineName): SuiteName[] =>
  suiteNames.filter((suite) =>
    [...allRequirements.values()].some((requirement) => requirement.suite === suite && isAskedOf(engine, requirement)),
  )
