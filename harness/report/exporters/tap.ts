import { printableLine } from '../../model/printable.ts'
import type { RequirementResult } from '../../model/result.ts'
import type { Status } from '../../model/status.ts'
import { labelled } from '../image-labels.ts'
import { isDecidingFailure } from '../judge.ts'
import type { Report } from '../schema.ts'
import { findingText } from '../significance.ts'

/** The report in the Test Anything Protocol, version 14: a test point for each requirement of each image. */
export function tapText(report: Report): string {
  const points = labelled(report.images, ({ requirements }) => requirements)
  const lines = points.flatMap(({ item, label }, index) => pointLines(item, label, index + 1))
  const end = report.faults?.length ? `Bail out! ${printableLine(report.faults.join(' '))}` : `1..${points.length}`
  return `${['TAP version 14', ...lines, end].join('\n')}\n`
}

function pointLines(result: RequirementResult, label: string, number: number): string[] {
  const { id, title, status, findings, durationMs } = result
  const words = `${status === 'fail' || status === 'error' ? 'not ok' : 'ok'} ${number} - ${escaped(`${label} ${id} ${title}`)}`
  const messages = findings.map(findingText)
  if (messages.length === 0 || status === 'pass') return [words + directive(result)]
  // A string in JSON is one in YAML too (YAML 1.2.2, section 1.3).
  const block = [`severity: ${result.severity}`, `duration_ms: ${Math.round(durationMs)}`, 'findings:']
  const items = messages.map((message) => `  - ${JSON.stringify(message.toWellFormed())}`)
  return [words + directive(result), ...['---', ...block, ...items, '...'].map((line) => `  ${line}`)]
}

/** What does not decide the verdict is a todo in TAP: shown, and no failure. */
function directive(result: RequirementResult): string {
  const reason = skipReasons[result.status]?.(result)
  if (reason !== undefined) return ` # SKIP ${escaped(reason)}`
  return result.status === 'fail' && !isDecidingFailure(result) ? ' # todo advice' : ''
}

/** What TAP calls skipped, and the reason given. */
const skipReasons: Partial<Record<Status, (result: RequirementResult) => string>> = {
  skip: ({ findings }) => findings[0]?.message ?? '',
  waived: () => 'waived',
  blocked: ({ blockedBy }) => `blocked by ${blockedBy}`,
  'not-applicable': ({ findings }) => `not applicable: ${findings[0]?.message ?? ''}`,
}

/** Backslash and hash would begin a directive. */
const escaped = (text: string): string => printableLine(text).replaceAll(/[\\#]/g, (sign) => `\\${sign}`)
