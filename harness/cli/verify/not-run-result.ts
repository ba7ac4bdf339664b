import type { Requirement } from '../../model/requirement.ts'
import type { RequirementResult } from '../../model/result.ts'

/** The result of a requirement that nothing was run for, with the reason. */
export const notRunResult = (
  { id, suite, title, severity }: Pick<Requirement, 'id' | 'suite' | 'title' | 'severity'>,
  reason: string,
): RequirementResult => ({
  ...{ id, suite, title, severity },
  status: 'skip',
  durationMs: 0,
  findings: [{ message: reason }],
})
