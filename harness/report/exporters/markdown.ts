import { basename } from 'node:path'
import { printableLine } from '../../model/printable.ts'
import { count, formatBytes, formatDuration, formatValue, median } from '../../model/quantities.ts'
import type { RequirementResult } from '../../model/result.ts'
import { statusNames } from '../../model/status.ts'
import { gapsText } from '../confinement-gaps.ts'
import { imageLabels } from '../image-labels.ts'
import { isDecidingFailure } from '../judge.ts'
import { notJudgedText } from '../not-judged-text.ts'
import { notRunText } from '../not-run.ts'
import { reusedText } from '../reused.ts'
import type { ImageReport, Report, Verdict } from '../schema.ts'
import { blocksText, type Problem, placeOf, problemsOf } from '../significance.ts'
import { statusWords } from '../words.ts'

/** A summary of a job holds 1 MiB (GitHub documentation, "Step isolation and limits"), and a reader a few screens. */
const maxProblems = 30
const maxFindings = 3

const verdictWords: Record<Verdict, string> = {
  conforms: '✅ Conforms',
  'does-not-conform': '❌ Does not conform',
  error: '⚠️ No verdict',
}

/** The report for a pull request or the summary of a job, in GitHub's Markdown, which GitLab reads too. */
export function markdownText(report: Report): string {
  const labels = imageLabels(report.images)
  return [
    `## ${verdictWords[report.verdict]}`,
    `${count(report.images.length, 'image')} in ${formatDuration(report.harnessDurationMs)}, by vpdmn-conformance ${report.harnessVersion ?? ''}`,
    ...(report.faults ?? []).map((fault) => `**The harness or its environment failed:** ${escaped(fault)}`),
    ...[notRunText(report) ?? []].flat().map(escaped),
    ...[gapsText(report.host) ?? []].flat().map((text) => `**${escaped(text)}**`),
    ...[reusedText(report) ?? []].flat(),
    imagesTable(report.images, labels),
    ...report.images.filter(({ notJudgedBy }) => notJudgedBy).map((image) => escaped(notJudgedText(image))),
    ...problemsPart(report),
    ...timesPart(report.images, labels),
    '',
  ].join('\n\n')
}

/** A column for each status that occurs: a table of zeros is not read. */
function imagesTable(images: readonly ImageReport[], labels: readonly string[]): string {
  const occurring = new Set(images.flatMap(({ requirements }) => requirements.map(({ status }) => status)))
  const shown = statusNames.filter((status) => occurring.has(status))
  const rows = images.map((image, index) => {
    const counts = shown.map((status) => image.requirements.filter((result) => result.status === status).length)
    return tableRow([labels[index] as string, basename(image.file), formatBytes(image.sizeBytes), ...counts])
  })
  const head = tableRow(['image', 'file', 'size', ...shown.map((status) => statusWords[status].word)])
  return [head, `| --- | --- | ---: |${shown.map(() => ' ---: |').join('')}`, ...rows].join('\n')
}

const tableRow = (cells: readonly (string | number)[]): string =>
  `| ${cells.map((cell) => escaped(String(cell))).join(' | ')} |`

function problemsPart(report: Report): string[] {
  const problems = problemsOf(report)
  if (problems.length === 0) return []
  const left = problems.length - maxProblems
  return [
    '### What is wrong',
    problems.slice(0, maxProblems).map(problemText).join('\n'),
    ...(left > 0 ? [`… and ${left} more in the report`] : []),
  ]
}

function problemText({ result, image, blocks }: Problem): string {
  const findings = result.findings.slice(0, maxFindings).map((finding) => {
    const { message, remedy } = finding
    const place = placeOf(finding)
    const where = place === undefined ? '' : `${code(place)}: `
    return `  - ${where}${escaped(message)}${remedy === undefined ? '' : `<br>→ ${escaped(remedy)}`}`
  })
  const left = result.findings.length - maxFindings
  const more = left > 0 ? [`  - … and ${left} more`] : []
  const blocked = blocksText(blocks)
  return [
    `- ${label(result)} **${result.id}** ${escaped(result.title)} (${escaped(image)})`,
    ...findings,
    ...more,
    ...(blocked === undefined ? [] : [`  - ${escaped(blocked)}`]),
  ].join('\n')
}

function label(result: RequirementResult): string {
  if (result.status === 'error') return '⚠️'
  return isDecidingFailure(result) ? '❌' : '💡'
}

function timesPart(images: readonly ImageReport[], labels: readonly string[]): string[] {
  const names = [...new Set(images.flatMap(({ metrics }) => metrics.map(({ name }) => name)))]
  if (names.length === 0) return []
  const rows = names.map((name) => {
    const values = images.map(({ metrics }) => {
      const metric = metrics.find((candidate) => candidate.name === name)
      const middle = metric && median(metric.samples)
      return middle === undefined ? '–' : formatValue(middle, metric?.unit ?? '')
    })
    return tableRow([name, ...values])
  })
  const table = [tableRow(['median', ...labels]), `| --- |${labels.map(() => ' ---: |').join('')}`, ...rows]
  return [`<details><summary>Times and sizes</summary>\n\n${table.join('\n')}\n\n</details>`]
}

/**
 * Foreign text that is neither markup nor HTML nor a link: any ASCII punctuation may be escaped (CommonMark, "Backslash escapes"),
 * but GitHub makes links of addresses after that is undone (GFM, "Autolinks"), unless something stands in between.
 */
const escaped = (text: string): string =>
  printableLine(text)
    .replaceAll(/[\\`*_{}[\]()#+\-!|<>~&:$]/g, (sign) => entities[sign] ?? `\\${sign}`)
    .replaceAll(/@|\\:(?=\/\/)|(?<=www)\./gi, `${nothing}$&`)

/** A comment, which shows nothing and parts two texts. */
const nothing = '<!-- -->'

const entities: Record<string, string> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' }

/** A code span whose fence is longer than any in the text. */
function code(text: string): string {
  const line = printableLine(text)
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence} ${line.replaceAll('|', '\\|')} ${fence}`
}
