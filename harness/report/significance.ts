import { count } from '../model/quantities.ts'
import type { Severity } from '../model/requirement.ts'
import type { Finding, RequirementResult } from '../model/result.ts'
import { blockedByCause } from './causes.ts'
import { imageLabels } from './image-labels.ts'
import type { Report } from './schema.ts'

/** A requirement that is not met, or whose check broke, with the image that it is about. */
export interface Problem {
  result: RequirementResult
  image: string
  /** The requirements of the image that it blocks: they are no problems of their own. */
  blocks: readonly RequirementResult[]
}

const severityRank: Record<Severity, number> = { blocker: 1, error: 2, warning: 3, info: 4 }

/** What is not as it should be: what broke first, then what decides, then advice. */
export function problemsOf({ images }: Report): Problem[] {
  const labels = imageLabels(images)
  const problems = images.flatMap(({ requirements }, index) => {
    const blocked = blockedByCause(requirements)
    const image = labels[index] as string
    return requirements.filter(isProblem).map((result) => ({ result, image, blocks: blocked.get(result.id) ?? [] }))
  })
  return problems.toSorted((a, b) => rank(a.result) - rank(b.result))
}

const isProblem = ({ status }: RequirementResult): boolean => status === 'error' || status === 'fail'

const rank = ({ status, severity }: RequirementResult): number => (status === 'error' ? 0 : severityRank[severity])

/** So long may a list of IDs be where no terminal says how long a line is. */
const pageColumns = 120

/** What a failure blocks, in words: as many IDs as the columns hold, one at least; nothing where it blocks nothing. */
export function blocksText(blocked: readonly RequirementResult[], columns = pageColumns): string | undefined {
  if (blocked.length === 0) return undefined
  const ids = blocked.map(({ id }) => id)
  const text = (shown: number) =>
    `blocks ${count(ids.length, 'requirement')}: ${[...ids.slice(0, shown), ...(shown < ids.length ? ['…'] : [])].join(', ')}`
  let shown = ids.length
  while (shown > 1 && text(shown).length > columns) shown--
  return text(shown)
}

/** The path that is to stand before a finding's message; none where the message begins with it. */
export const placeOf = ({ message, path }: Finding): string | undefined =>
  path !== undefined && message.startsWith(path) ? undefined : path

/** Where and what, as one text. */
export function seenText(finding: Finding): string {
  const place = placeOf(finding)
  return place === undefined ? finding.message : `${place}: ${finding.message}`
}

/** A finding as one text: where, what, and on a line of its own what to change. */
export const findingText = (finding: Finding): string =>
  finding.remedy === undefined ? seenText(finding) : `${seenText(finding)}\n${finding.remedy}`
