import type { ArchitectureName } from '../../harness/model/architecture.ts'

/** What a variant of the image came to. */
export interface Outcome {
  id: string
  arch: ArchitectureName
  kind: 'static' | 'boot'
  /** Requirements that must fail; none for a harmless variant. */
  expected: readonly string[]
  failed: readonly string[]
  durationMs: number
}

export const isKilled = ({ expected, failed }: Outcome): boolean => expected.every((id) => failed.includes(id))

/** Requirements that failed without cause. */
export const falseAlarms = ({ expected, failed }: Outcome): string[] => failed.filter((id) => !expected.includes(id))

export const isAsExpected = (outcome: Outcome): boolean => isKilled(outcome) && falseAlarms(outcome).length === 0

/** Area of a requirement: the letters of its ID. */
export const areaOf = (requirementId: string): string => requirementId.replace(/-\d+$/, '')
