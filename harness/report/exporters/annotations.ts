import { printable } from '../../model/printable.ts'
import type { RequirementResult } from '../../model/result.ts'
import { isDecidingFailure } from '../judge.ts'
import type { Report } from '../schema.ts'
import { blocksText, findingText, type Problem, problemsOf } from '../significance.ts'

type Level = 'error' | 'warning' | 'notice'

/** GitHub shows no more of each level from one step (GitHub documentation, "Annotations"). */
const maxOfLevel = 10

/** The problems of a run as workflow commands, which GitHub shows beside the job; the weightiest first. */
export function gitHubAnnotations(report: Report): string {
  const faults = (report.faults ?? []).map((fault) => ({
    level: 'error' as const,
    title: 'Harness or environment',
    text: fault,
  }))
  const problems = problemsOf(report).map((problem) => ({
    level: levelOf(problem.result),
    title: `${problem.result.id} ${problem.image}: ${problem.result.title}`,
    text: textOf(problem),
  }))
  const byLevel = Map.groupBy([...faults, ...problems], ({ level }) => level)
  return [...byLevel.values()]
    .flatMap((group) => group.slice(0, maxOfLevel))
    .map(({ level, title, text }) => `::${level} title=${property(title)}::${data(text)}\n`)
    .join('')
}

function textOf({ result, blocks }: Problem): string {
  const found = result.findings.map(findingText).join('\n') || result.title
  const blocked = blocksText(blocks)
  return blocked === undefined ? found : `${found}\n${blocked}`
}

function levelOf(result: RequirementResult): Level {
  if (result.status === 'error' || isDecidingFailure(result)) return 'error'
  return result.severity === 'warning' ? 'warning' : 'notice'
}

/** The escapes of workflow commands (actions/toolkit, packages/core, command.ts). */
const data = (text: string): string =>
  printable(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')

const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
