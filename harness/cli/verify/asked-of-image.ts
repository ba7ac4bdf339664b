import { askedOf, requirementsOf } from '../../../suites/requirements.ts'
import type { Requirement, SuiteName } from '../../model/requirement.ts'
import type { JudgedImage } from './image-states.ts'
import type { Run } from './verify-run.ts'

/** What these suites ask of an image by guests, in the words of its engine. */
export const askedOfImage = (
  { options }: Run,
  suites: readonly SuiteName[],
  { profile }: JudgedImage,
): readonly Requirement[] => askedOf(profile.contract.engine, requirementsOf(suites, options.quick))
