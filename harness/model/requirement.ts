import type { FeatureName } from '../contract/eras.ts'
import type { Severity } from '../report/schema.ts'

/** One thing an image must do or be, as data. */
export interface Requirement {
  /** `AREA-NNN`; unique over all suites. */
  id: string
  suite: SuiteName
  title: string
  severity: Severity
  /** What breaks in practice when it is not met. */
  why: string
  /** Where the rule comes from: a specification, a man page, the boot contract, the recipe. */
  source: string
  /** What to change in the image or its recipe. */
  remedy: string
  /** The part of the contract that it asks for, where not every era has it; without it, not applicable. */
  feature?: FeatureName
  /** Part of the representative slice that `--quick` runs. */
  quick?: true
}

export const suiteNames = ['static', 'boot', 'podman', 'storage', 'performance'] as const
export type SuiteName = (typeof suiteNames)[number]

/** Joins requirement tables; a duplicate ID is a programming error and stops the start. */
export function joinRequirements<R extends Requirement>(...tables: readonly (readonly R[])[]): Map<string, R> {
  const byId = new Map<string, R>()
  for (const requirement of tables.flat()) {
    if (byId.has(requirement.id)) throw new Error(`Requirement ${requirement.id} is defined twice.`)
    byId.set(requirement.id, requirement)
  }
  return byId
}
