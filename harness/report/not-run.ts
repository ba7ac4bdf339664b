import { count } from '../model/quantities.ts'
import type { RequirementResult } from '../model/result.ts'
import type { Report } from './schema.ts'

const lead = 'Not run: '

// Why a requirement was not run is the finding of a skipped result, so that every format tells it.

/** Another one had failed. */
export const failFastReason = (id: string, label: string): string =>
  `${lead}--fail-fast ended the run at ${id} (${label}).`

/** The run was ended by a signal; without one, it has not come to the requirement yet. */
export const unfinishedReason = (signal: string | undefined): string =>
  `${lead}${signal === undefined ? 'the run has not come to it' : `the run was interrupted by ${signal}`}.`

export const isNotRun = ({ status, findings }: Pick<RequirementResult, 'status' | 'findings'>): boolean =>
  status === 'skip' && findings[0]?.message.startsWith(lead) === true

/** That the run ended early, and how much it left; undefined where all was run. */
export function notRunText({ images }: Pick<Report, 'images'>): string | undefined {
  const left = images.flatMap(({ requirements }) => requirements.filter(isNotRun))
  const [first] = left
  if (first === undefined) return undefined
  return `${count(left.length, 'requirement')} not run: ${first.findings[0]?.message.slice(lead.length)}`
}
