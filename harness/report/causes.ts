import type { RequirementResult } from '../model/result.ts'
import { decides } from '../model/status.ts'
import type { ImageReport, Report } from './schema.ts'

type Results = ImageReport['requirements']

/** The blocked results of an image by the ID of their cause, in the order of the causes. */
export function blockedByCause(results: Results): ReadonlyMap<string, readonly RequirementResult[]> {
  const blocked = Map.groupBy(
    results.filter(({ status }) => status === 'blocked'),
    ({ blockedBy }) => blockedBy,
  )
  return new Map(results.flatMap(({ id }) => (blocked.has(id) ? [[id, blocked.get(id) ?? []]] : [])))
}

/**
 * Whether a result is blocked, and no failure of the image explains it: its cause is missing or did not fail, or is
 * advice while the blocked requirement decides. A waived failure explains what it blocks: those who accepted it accepted
 * what cannot be asked because of it. Such requirements stay blocked, are listed with the waiver, and decide nothing; on
 * the day on which the waiver expires, the cause fails again.
 */
export function isUnexplained({ status, severity, blockedBy }: RequirementResult, results: Results): boolean {
  if (status !== 'blocked') return false
  const cause = results.find(({ id }) => id === blockedBy)
  const hasFailed = cause?.status === 'fail' || cause?.status === 'waived'
  return !hasFailed || (decides[severity] && !decides[cause.severity])
}

/** The report as it is shown: a requirement that is blocked by nothing that explains it is one whose check failed with an error. */
export const withUnexplainedBroken = (report: Report): Report => ({
  ...report,
  images: report.images.map((image) => ({
    ...image,
    requirements: image.requirements.map((result) =>
      isUnexplained(result, image.requirements) ? brokenResult(result) : result,
    ),
  })),
})

function brokenResult({ blockedBy, ...result }: RequirementResult): RequirementResult {
  const message = `Blocked by ${blockedBy ?? 'nothing'}, which did not fail in a way that explains it: nothing is known of this requirement.`
  return { ...result, status: 'error', findings: [{ message }, ...result.findings] }
}
