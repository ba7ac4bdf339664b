import { count } from '../model/quantities.ts'
import type { RequirementResult } from '../model/result.ts'
import type { Report } from './schema.ts'

const lead = 'Not run: --fail-fast ended the run at '

/** Why a requirement was not run: another one had failed. It is the finding of a skipped result, so that every format tells it. */
export const notRunReason = (id: string, label: string): string => `${lead}${id} (${label}).`

export const isNotRun = ({ status, findings }: Pick<RequirementResult, 'status' | 'findings'>): boolean =>
  status === 'skip' && findings[0]?.message.startsWith(lead) === true

/** That the run ended early, and how much it left; undefined where all was run. */
export function notRunText({ images }: Pick<Report, 'images'>): string | undefined {
  const left = images.flatMap(({ requirements }) => requirements.filter(isNotRun))
  const [first] = left
  if (first === undefined) return undefined
  return `${count(left.length, 'requirement')} not run: ${first.findings[0]?.message.slice('Not run: '.length)}`
}
