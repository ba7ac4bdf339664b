import type { Status } from '../../harness/model/status.ts'
import { isDecidingFailure } from '../../harness/report/judge.ts'
import type { Report } from '../../harness/report/schema.ts'

/** How many tests came out how. */
export interface Counts {
  passed: number
  failed: number
  skipped: number
}

export const noCounts: Counts = { passed: 0, failed: 0, skipped: 0 }

export const addCounts = (a: Counts, b: Counts): Counts => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
})

/** The last line of a run, in the form that CI systems look for. */
export const countsLine = ({ passed, failed, skipped }: Counts): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`

interface VitestResult {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
}

/** Counts of vitest's JSON reporter. */
export function countVitest(result: string): Counts {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(result) as VitestResult
  return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests }
}

/** Neither passed nor failed, to a CI system. */
const unanswered: ReadonlySet<Status> = new Set(['skip', 'waived', 'blocked', 'not-applicable'])

/** Counts of a verification: one test a requirement. Advice that is not met does not fail the run. */
export function countReport(result: string): Counts {
  const { images } = JSON.parse(result) as Report
  const requirements = images.flatMap((image) => image.requirements)
  const skipped = requirements.filter(({ status }) => unanswered.has(status)).length
  const failed = requirements.filter((each) => each.status === 'error' || isDecidingFailure(each)).length
  return { passed: requirements.length - failed - skipped, failed, skipped }
}
