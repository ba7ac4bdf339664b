import type { RequirementResult } from '../../model/result.ts'
import { type Status, statusNames } from '../../model/status.ts'

const words: Record<Status, string> = {
  pass: 'passed',
  fail: 'failed',
  error: 'errored',
  waived: 'waived',
  skip: 'skipped',
  blocked: 'blocked',
  'not-applicable': 'not applicable',
}

/** How results came out, such as `40 passed, 1 failed`. */
export function countResults(results: readonly RequirementResult[]): string {
  const counts = statusNames.map((status) => ({
    status,
    count: results.filter((result) => result.status === status).length,
  }))
  return counts
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => `${count} ${words[status]}`)
    .join(', ')
}
