import { basename } from 'node:path'
import junitModule, { type Builder, type TestCase } from 'junit-report-builder'
import type { RequirementResult } from '../../model/result.ts'
import type { Status } from '../../model/status.ts'
import { isDecidingFailure } from '../judge.ts'
import type { ImageReport, Report } from '../schema.ts'
import { findingText } from '../significance.ts'

/** The package exports a builder itself (`module.exports`), while its types put one under `default`. */
const junit = junitModule as unknown as Builder

/** The report as JUnit XML: one suite for each image and suite, one case for each requirement. Its failures are those that decide the verdict. */
export function junitXml(report: Report): string {
  const builder = junit.newBuilder().name('vpdmn-conformance')
  for (const image of report.images) addImage(builder, image, report.startedAt)
  if (report.faults?.length) addFaults(builder, report.faults)
  return builder.build()
}

function addImage(builder: Builder, image: ImageReport, startedAt: string | undefined): void {
  const name = basename(image.file)
  for (const [suite, results] of Map.groupBy(image.requirements, (result) => result.suite)) {
    const group = builder.testSuite().name(valid(`${image.arch} ${suite} ${name}`))
    group.time(seconds(results.reduce((sum, { durationMs }) => sum + durationMs, 0)))
    if (startedAt !== undefined) group.timestamp(startedAt)
    group.property('sha256', image.sha256).property('profile', valid(image.profile))
    for (const result of results) addResult(group.testCase(), image, result)
  }
}

function addResult(testCase: TestCase, image: ImageReport, result: RequirementResult): void {
  testCase
    .className(`${image.arch}.${result.suite}`)
    .name(valid(`${result.id} ${result.title}`))
    .time(seconds(result.durationMs))
  const findings = valid(result.findings.map(findingText).join('\n') || unansweredText(result))
  mark(testCase, result, findings)
  if (result.evidence !== undefined) testCase.standardError(valid(result.evidence))
}

/** Where nothing was found that says why, at least what blocks it. */
const unansweredText = ({ blockedBy }: RequirementResult): string =>
  blockedBy === undefined ? '' : `Blocked by ${blockedBy}.`

/**
 * JUnit knows no advice: a failed warning is a passed case that says so. What is waived, blocked or not applicable is a
 * skipped one.
 */
function mark(testCase: TestCase, result: RequirementResult, findings: string): void {
  const message = findings.split('\n')[0] || result.title
  if (result.status === 'error') testCase.error(message, 'error', findings)
  else if (isDecidingFailure(result)) testCase.failure(message, result.severity).stacktrace(findings)
  else if (skipped.has(result.status)) testCase.skipped()
  const isNote = result.status !== 'error' && !isDecidingFailure(result) && findings !== ''
  if (isNote) testCase.standardOutput(`${noteWords[result.status]}${findings}`)
}

const skipped: ReadonlySet<Status> = new Set(['skip', 'waived', 'blocked', 'not-applicable'])

/** What stands before the findings; those of a blocked requirement say themselves that it is. */
const noteWords: Readonly<Record<Status, string>> = {
  pass: '',
  fail: 'advice, not met: ',
  skip: 'skipped: ',
  waived: 'waived: ',
  blocked: '',
  'not-applicable': 'not applicable: ',
  error: '',
}

function addFaults(builder: Builder, faults: readonly string[]): void {
  const group = builder.testSuite().name('harness')
  for (const fault of faults) group.testCase().className('harness').name('environment').error(valid(fault), 'fault')
}

const seconds = (durationMs: number): number => Math.round(durationMs) / 1000

/**
 * Without the characters that XML 1.0 (section 2.2) does not allow, even escaped, and without the end of a CDATA
 * section: xmlbuilder takes apart only the first one in a text.
 */
const valid = (text: string): string => text.toWellFormed().replaceAll(notXml, '\ufffd').replaceAll(']]>', ']] >')

const notXml = /(?![\t\n\r])[\p{Cc}\ufffe\uffff]/gu
