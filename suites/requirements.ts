import { inWordsOf } from '../harness/contract/engines.ts'
import type { EngineName } from '../harness/model/engine.ts'
import {
  isAskedOf,
  joinRequirements,
  ofEngine,
  type Requirement,
  type SuiteName,
} from '../harness/model/requirement.ts'
import { bootRequirements } from './boot/requirements.ts'
import { performanceRequirements } from './performance/requirements.ts'
import { podmanRequirements } from './podman/requirements.ts'
import { xenRequirements } from './xen/requirements.ts'

const byId = joinRequirements<Requirement>(
  bootRequirements,
  ofEngine('podman', podmanRequirements),
  ofEngine('podman', xenRequirements),
  ofEngine('podman', performanceRequirements),
)

/** The requirements that are answered by booted guests, in the order of their suites. */
export const guestRequirements: readonly Requirement[] = [...byId.values()]

/** The requirements of these suites; with `quick`, those of the representative slice. */
export const requirementsOf = (suites: readonly SuiteName[], quick: boolean): readonly Requirement[] =>
  guestRequirements.filter((requirement) => suites.includes(requirement.suite) && (!quick || requirement.quick))

/** Those that are asked of the images of an engine, by its names. */
export const askedOf = (engine: EngineName, requirements: readonly Requirement[]): Requirement[] =>
  requirements
    .filter((requirement) => isAskedOf(engine, requirement))
    .map(({ title, why, remedy, ...requirement }) => ({
      ...requirement,
      title: inWordsOf(engine, title),
      why: inWordsOf(engine, why),
      remedy: inWordsOf(engine, remedy),
    }))

/** One requirement by its ID. Throws on an ID that no table has. */
export function requirementOf(id: string): Requirement {
  const requirement = byId.get(id)
  if (!requirement) throw new Error(`There is no requirement ${id}.`)
  return requirement
}
