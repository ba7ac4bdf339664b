import type { RequirementResult } from '../model/result.ts'
import { decides, lookedAt } from '../model/status.ts'
import { isUnexplained } from './causes.ts'
import { isNotRun } from './not-run.ts'
import type { ImageReport, Verdict } from './schema.ts'

/** Exit code of a run that came to a verdict; a wrong call (2) never comes to one. */
export const verdictExitCodes: Record<Verdict, 0 | 1 | 3> = { conforms: 0, 'does-not-conform': 1, error: 3 }

export const isDecidingFailure = (result: RequirementResult): boolean =>
  result.status === 'fail' && decides[result.severity]

/**
 * The verdict on a run. A check that broke, a fault of the harness, a requirement that is blocked by nothing that explains
 * it, or an image at which nothing was looked is an error: such a run says nothing about the image, neither good nor bad. Where a
 * failure of one image ended the run, nothing need be known of another.
 */
export function judge(images: readonly ImageReport[], faults: readonly string[] = []): Verdict {
  if (faults.length > 0 || images.length === 0 || images.some(isUnproven)) return 'error'
  const results = images.flatMap(({ requirements }) => requirements)
  if (results.some(isDecidingFailure)) return 'does-not-conform'
  return results.some(isNotRun) ? 'error' : 'conforms'
}

const isUnproven = ({ requirements }: ImageReport): boolean =>
  requirements.some((result) => result.status === 'error') ||
  !requirements.some((result) => lookedAt[result.status] || isNotRun(result)) ||
  requirements.some((result) => isUnexplained(result, requirements))
