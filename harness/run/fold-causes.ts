import type { SharedFault } from '../model/faults.ts'
import type { Severity } from '../model/requirement.ts'
import type { RequirementResult } from '../model/result.ts'

/** A result on its way into the report, which does not know of shared faults. */
export type FoldableResult = RequirementResult & { sharedFault?: SharedFault }

/** A failure that may be the cause of others. */
type SharedFailure = RequirementResult & { sharedFault: SharedFault }

/**
 * One cause, one failure: of those that failed by the same fault one stays a failure, with its evidence; the others are
 * blocked by it. Expects the results in the order of the tables, and keeps it. Faults of the environment are no
 * failures of the image, and stay what they are.
 */
export function foldCauses(results: readonly FoldableResult[]): RequirementResult[] {
  const causes = causesOf(results.filter(isSharedFailure))
  return results.map(({ sharedFault: _, ...result }) => {
    const cause = causes.get(result.id)
    return cause === undefined || cause.id === result.id ? result : blockedResult(result, cause)
  })
}

const isSharedFailure = (result: FoldableResult): result is SharedFailure =>
  result.status === 'fail' && result.sharedFault !== undefined

/** The cause of each failure that shares something; its own for one that stands for others or for itself. */
function causesOf(failures: readonly SharedFailure[]): Map<string, RequirementResult> {
  const groups = [...Map.groupBy(failures, ({ sharedFault }) => sharedFault.key).values()].map((members) => ({
    owner: ownerOf(members),
    members,
  }))
  const alike = [...Map.groupBy(groups, ({ owner }) => owner.sharedFault.signature).values()]
  return new Map(
    alike.flatMap((several) => {
      const tableOrder = failures.filter((failure) => several.some(({ owner }) => owner === failure))
      const cause = firstOfWorst(tableOrder)
      return several.flatMap(({ members }) => members.map(({ id }): [string, RequirementResult] => [id, cause]))
    }),
  )
}

/** The requirement that is about what failed, unless another of the group weighs more: advice must not hide a failure. */
function ownerOf(members: readonly SharedFailure[]): SharedFailure {
  const worst = firstOfWorst(members)
  const declared = members.find(({ id, sharedFault }) => sharedFault.owner === id)
  return declared && weight[declared.severity] === weight[worst.severity] ? declared : worst
}

const weight: Record<Severity, number> = { info: 0, warning: 1, error: 2, blocker: 3 }

const firstOfWorst = (members: readonly SharedFailure[]): SharedFailure =>
  members.reduce((worst, member) => (weight[member.severity] > weight[worst.severity] ? member : worst))

/** Without evidence and remedy: the cause has them. */
const blockedResult = ({ evidence: _, ...result }: RequirementResult, cause: RequirementResult): RequirementResult => ({
  ...result,
  status: 'blocked',
  blockedBy: cause.id,
  findings: [{ message: `Blocked by ${cause.id}: ${firstSentence(cause.findings[0]?.message ?? cause.title)}` }],
})

/** Up to the first full stop that ends a word, or the end of the line; a figure such as 1.5 has none. */
function firstSentence(text: string): string {
  const [line = ''] = text.trimStart().split('\n')
  const sentence = (/^.*?\.(?=\s|$)/.exec(line)?.[0] ?? line).trimEnd().replace(/[:;,]$/, '')
  return /[.!?…]$/.test(sentence) ? sentence : `${sentence}.`
}
