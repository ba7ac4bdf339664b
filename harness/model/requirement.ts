import type { EngineName } from './engine.ts'
import type { FeatureName } from './era.ts'

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
  /** The engine of whose images it is asked; of all where left out. */
  engine?: EngineName
  /** Part of the representative slice that `--quick` runs. */
  quick?: true
}

/** A row of a suite's tables, which need not name the suite each. */
export type RequirementRow = Omit<Requirement, 'suite'>

/** The requirements of a suite by the rows of its tables. */
export const rowsOfSuite = <R extends RequirementRow>(
  suite: SuiteName,
  ...tables: readonly (readonly R[])[]
): (R & Requirement)[] => tables.flat().map((row) => ({ ...row, suite }))

export const suiteNames = ['static', 'boot', 'podman', 'xen', 'performance'] as const
export type SuiteName = (typeof suiteNames)[number]

/** How much it hurts that a requirement is not met. */
export const severities = ['blocker', 'error', 'warning', 'info'] as const
export type Severity = (typeof severities)[number]

/** The requirements, asked of the images of one engine alone. */
export const ofEngine = <R extends object>(
  engine: EngineName,
  rows: readonly R[],
): readonly (R & { engine: EngineName })[] => rows.map((row) => ({ ...row, engine }))

/** Whether a requirement is asked of the images of an engine. */
export const isAskedOf = (engine: EngineName, requirement: Pick<Requirement, 'engine'>): boolean =>
  (requirement.engine ?? engine) === engine

/** Joins requirement tables; a duplicate ID is a programming error and stops the start. */
export function joinRequirements<R extends Requirement>(...tables: readonly (readonly R[])[]): Map<string, R> {
  const byId = new Map<string, R>()
  for (const requirement of tables.flat()) {
    if (byId.has(requirement.id)) throw new Error(`Requirement ${requirement.id} is defined twice.`)
    byId.set(requirement.id, requirement)
  }
  return byId
}
