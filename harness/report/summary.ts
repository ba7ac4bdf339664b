import { join, relative } from 'node:path'
import { printableLine } from '../model/printable.ts'
import { count, formatBytes, formatDuration } from '../model/quantities.ts'
import { type Severity, type SuiteName, suiteNames } from '../model/requirement.ts'
import type { RequirementResult } from '../model/result.ts'
import { type Status, statusNames } from '../model/status.ts'
import { cutLine, paint, type Style, type TerminalStyle, wrapText } from '../platform/terminal/terminal-style.ts'
import { blockedByCause } from './causes.ts'
import { gapsText } from './confinement-gaps.ts'
import { imagePlaces } from './image-labels.ts'
import { isDecidingFailure } from './judge.ts'
import { metricParts } from './metric-parts.ts'
import { notJudgedText } from './not-judged-text.ts'
import { isNotRun, notRunText } from './not-run.ts'
import { reusedText } from './reused.ts'
import type { ImageReport, Report, Verdict } from './schema.ts'
import { blocksText, seenText } from './significance.ts'
import { starvedText } from './starved.ts'

/** The run on one screen: the verdict, what is wrong and the remedy, then counts and times, then where more is. */
export function summaryText(report: Report, folder: string, look: TerminalStyle): string {
  const head = verdictLine(report, look)
  const places = imagePlaces(report.images)
  const images = [
    '',
    ...report.images.flatMap((image, index) => imageLines(image, places[index] as string, look)),
    ...notRunLines(report, look),
    ...reusedLines(report, look),
    ...starvedLines(report, look),
    ...gapLines(report, look),
  ]
  const foot = footLines(report, folder, look)
  const leftRows = look.rows - images.length - foot.length - 3
  const problems = problemLines(report, look, Math.max(leftRows, minProblemRows))
  const body = [head, ...problems, ...images, ''].map((line) => cutLine(line, look.columns))
  return [...body, ...foot].map((line) => `${line}\n`).join('')
}

/** Told only where a failure ended the run early: the counts are not those of a whole run. */
function notRunLines(report: Report, look: TerminalStyle): string[] {
  const text = notRunText(report)
  return text === undefined ? [] : sentence(text, '', look)
}

/** Told only where a result is not of this run: a verdict on what was found before is another one. */
function reusedLines(report: Report, look: TerminalStyle): string[] {
  const text = reusedText(report)
  return text === undefined ? [] : sentence(text, '', look)
}

/** Told only where the machine kept guests waiting. */
function starvedLines(report: Report, look: TerminalStyle): string[] {
  const text = starvedText(report)
  return text === undefined ? [] : sentence(text, '', look)
}

/** Told only where QEMU was not held as it should be; whoever looks at the end alone must see it too. */
function gapLines({ host }: Report, look: TerminalStyle): string[] {
  const text = gapsText(host)
  return text === undefined ? [] : sentence(text, '', look, faultLines).map((line) => paint(look, 'yellow', line))
}

/** Where the reports are. The path is never cut: it is there to be copied. */
function footLines({ images }: Report, folder: string, look: TerminalStyle): string[] {
  const bills = images.some(({ billOfMaterials }) => billOfMaterials !== undefined) ? ['*.spdx.json'] : []
  const page = `Report: ${shortPath(join(folder, 'report.html'))}`
  const others = ['report.json', 'junit.xml', ...bills].join(', ')
  return fits(`${page}, ${others}`, look) ? [`${page}, ${others}`] : [page, `        with ${others}`]
}

const fits = (line: string, { columns }: TerminalStyle): boolean => cutLine(line, columns) === line

/** A path as the user would type it: relative to where they are, unless it lies elsewhere. */
function shortPath(path: string): string {
  const fromHere = relative(process.cwd(), path)
  return fromHere.startsWith('..') ? path : fromHere
}

/** The first problem is shown even where that costs the top of the screen. */
const minProblemRows = 5

const verdictWords: Record<Verdict, { words: string; style: Style }> = {
  conforms: { words: 'CONFORMS', style: 'green' },
  'does-not-conform': { words: 'DOES NOT CONFORM', style: 'red' },
  error: { words: 'ERROR: no verdict on the image', style: 'yellow' },
}

function verdictLine(report: Report, look: TerminalStyle): string {
  const { words, style } = verdictWords[report.verdict]
  const requirements = report.images.reduce((sum, image) => sum + image.requirements.length, 0)
  const extent = `${count(report.images.length, 'image')}, ${count(requirements, 'requirement')}`
  return `${paint(look, style, words)}   ${extent} in ${formatDuration(report.harnessDurationMs)}`
}

interface Problem {
  label: string
  style: Style
  image?: ImageReport
  result?: RequirementResult
  blocks?: readonly RequirementResult[]
  text?: string
}

/** The order of problems: what decides the verdict first. */
const severityRank: Record<Severity, number> = { blocker: 1, error: 2, warning: 3, info: 4 }

function problemLines(report: Report, look: TerminalStyle, rows: number): string[] {
  const problems = [...(report.faults ?? []).map(faultProblem), ...report.images.flatMap(imageProblems)]
  const sorted = problems.toSorted((a, b) => rank(a) - rank(b))
  const lines: string[] = sorted.length === 0 ? [] : ['']
  for (const [index, problem] of sorted.entries()) {
    const block = blockLines(problem, look)
    const isLast = index === sorted.length - 1
    if (index > 0 && lines.length + block.length + (isLast ? 0 : 1) > rows)
      return [...lines, `… and ${sorted.length - index} more in the report`]
    lines.push(...block)
  }
  return lines
}

const rank = ({ result }: Problem): number => (!result || result.status === 'error' ? 0 : severityRank[result.severity])

const faultProblem = (text: string): Problem => ({ label: 'FAULT', style: 'yellow', text })

function imageProblems(image: ImageReport): Problem[] {
  const blocked = blockedByCause(image.requirements)
  return image.requirements
    .filter(isProblem)
    .map((result) => ({ ...labelOf(result), image, result, blocks: blocked.get(result.id) ?? [] }))
}

const isProblem = ({ status, severity }: RequirementResult): boolean =>
  status === 'error' || (status === 'fail' && severity !== 'info')

function labelOf(result: RequirementResult): { label: string; style: Style } {
  if (result.status === 'error') return { label: 'BROKE', style: 'yellow' }
  return isDecidingFailure(result) ? { label: 'FAIL', style: 'red' } : { label: 'WARN', style: 'yellow' }
}

/** Findings shown of one requirement: the rest is more of the same. */
const shownFindings = 2
/** Lines that one sentence of a finding may take, and that a fault may take: its end often tells the cause. */
const sentenceLines = 3
const faultLines = 8

function blockLines(problem: Problem, look: TerminalStyle): string[] {
  const { label, style, image, result, blocks = [], text } = problem
  const title = result ? `${result.id} ${image?.arch}: ${result.title}` : ''
  const first = `${paint(look, style, label)} ${printableLine(title)}`
  if (!result) return [first.trimEnd(), ...sentence(text ?? '', '  ', look, faultLines)]
  const findings = result.findings
    .slice(0, shownFindings)
    .flatMap((finding) => [
      ...sentence(seenText(finding), '  ', look),
      ...(finding.remedy ? sentence(finding.remedy, '  → ', look) : []),
    ])
  const rest = result.findings.length - shownFindings
  const more = rest > 0 ? [`  … and ${count(rest, 'more finding')}`] : []
  return [first, ...findings, ...more, ...blocksLines(blocks, '  ', look)]
}

/** One line, however many they are. */
function blocksLines(blocks: readonly RequirementResult[], lead: string, look: TerminalStyle): string[] {
  const text = blocksText(blocks, look.columns - lead.length)
  return text === undefined ? [] : [printableLine(lead + text)]
}

function sentence(text: string, lead: string, look: TerminalStyle, most = sentenceLines): string[] {
  const lines = wrapText(printableLine(text.replaceAll('\n', ' ')), look.columns - lead.length)
  const shown = lines.slice(0, most)
  if (lines.length > most) shown[most - 1] += ' …'
  return shown.map((line, index) => `${index === 0 ? lead : ' '.repeat(lead.length)}${line}`)
}

function imageLines(image: ImageReport, place: string, look: TerminalStyle): string[] {
  const bySuite = Map.groupBy(image.requirements, ({ suite }) => suite)
  const suites = suiteNames.flatMap((suite) => {
    const results = bySuite.get(suite)
    return results ? [suiteText(suite, results, look)] : []
  })
  return [
    ...headingLines(image, place, look),
    ...partLines(suites, look),
    ...unansweredLines(image, look),
    ...notJudgedLines(image, look),
    ...waivedCauseLines(image, look),
    ...partLines(metricParts(image.metrics, image.history), look),
  ]
}

function headingLines(
  { arch, sizeBytes, profile, profileReason, kernel }: ImageReport,
  place: string,
  look: TerminalStyle,
): string[] {
  const name = `${paint(look, 'bold', arch)}  ${printableLine(place)}`
  const ownKernel = kernel?.origin === 'user' ? `, kernel ${kernel.version}` : ''
  const facts = printableLine(`  ${formatBytes(sizeBytes)}, profile ${profile}${ownKernel}`)
  const chosen = profileReason === undefined ? [] : sentence(`The nearest profile: ${profileReason}.`, '  ', look)
  return [...(fits(name + facts, look) ? [name + facts] : [name, facts]), ...chosen]
}

/** What was asked for and does not judge images of this engine: a verdict without it is one of less. */
function notJudgedLines({ engine, notJudgedBy = [], requirements }: ImageReport, look: TerminalStyle): string[] {
  if (engine === undefined || notJudgedBy.length === 0) return []
  return sentence(notJudgedText({ engine, notJudgedBy, requirements }), '  ', look)
}

/**
 * Why whole suites were not answered, such as a blocker for which the image was not booted: counts alone do not tell.
 * What does not apply to the image would not have been asked anyway.
 */
function unansweredLines({ requirements }: ImageReport, look: TerminalStyle): string[] {
  const reasons = Object.values(Object.groupBy(requirements, ({ suite }) => suite)).flatMap((results = []) => {
    const applicable = results.filter(({ status }) => status !== 'not-applicable')
    const [reason, ...others] = new Set((applicable.length > 0 ? applicable : results).map(unansweredReason))
    return reason === undefined || others.length > 0 ? [] : [reason]
  })
  return [...new Set(reasons)].flatMap((reason) => sentence(reason, '  ', look))
}

/** What a failure left out is told once for all images. */
function unansweredReason(result: RequirementResult): string | undefined {
  const { status, findings } = result
  if (isNotRun(result)) return undefined
  return status === 'skip' || status === 'not-applicable' ? findings[0]?.message : undefined
}

/** A waived failure is no problem, but what it blocks was asked by nobody. */
function waivedCauseLines({ requirements }: ImageReport, look: TerminalStyle): string[] {
  const blocked = blockedByCause(requirements)
  return requirements
    .filter(({ status }) => status === 'waived')
    .flatMap(({ id }) => blocksLines(blocked.get(id) ?? [], `  ${id}, waived, `, look))
}

/** Texts side by side; a line is broken between two of them, or else after a comma in one. */
function partLines(parts: readonly string[], look: TerminalStyle): string[] {
  const keptTogether = parts.map((part) => part.replaceAll(/(?<!,) /g, noBreakSpace))
  const lines = wrapText(keptTogether.join(`${noBreakSpace}· `), look.columns - 2)
  return lines.filter(Boolean).map((line) => `  ${line.replaceAll(noBreakSpace, ' ')}`)
}

const noBreakSpace = '\u00a0'

/** How each status is counted in words; a status that does not occur is left out. */
const statusWords: Readonly<Record<Status, { words: string; style?: Style }>> = {
  pass: { words: 'passed' },
  fail: { words: 'failed', style: 'red' },
  error: { words: 'broke', style: 'yellow' },
  blocked: { words: 'blocked' },
  skip: { words: 'skipped' },
  waived: { words: 'waived' },
  'not-applicable': { words: 'not applicable' },
}

function suiteText(suite: SuiteName, results: readonly RequirementResult[], look: TerminalStyle): string {
  const counts = statusNames.flatMap((status) => {
    const { words, style } = statusWords[status]
    const number = results.filter((result) => result.status === status).length
    const text = `${number} ${words}`
    return number === 0 ? [] : [style ? paint(look, style, text) : text]
  })
  return `${suite}: ${counts.join(', ')}`
}
