import { printable, printableLine } from '../../model/printable.ts'
import type { RequirementResult } from '../../model/result.ts'
import type { Status } from '../../model/status.ts'
import { isDecidingFailure } from '../judge.ts'
import type { ImageReport, Report } from '../schema.ts'
import { findingText } from '../significance.ts'
import type { TestConfiguration, TestResult, TestResults } from './test-results-schema.ts'

/** What is known of the build of an image, by which runs of tests are compared. */
export type BuildEnvironment = Omit<TestConfiguration, 'TEST_TYPE' | 'STARTTIME'>

/**
 * A report as runs of testimage, one for each image. The harness's own faults are errors of each run; where no image was looked
 * at, of a run that has nothing else.
 */
export function testResults(
  report: Report,
  builds: readonly BuildEnvironment[],
  harness: BuildEnvironment,
): TestResults {
  const startTime = startTimeOf(report)
  const faults = faultResults(report)
  const runs: [BuildEnvironment, Record<string, TestResult>][] = report.images.map((image, index) => [
    builds[index] ?? harness,
    { ...imageResults(image), ...faults },
  ])
  const results: TestResults = {}
  for (const [known, result] of runs.length > 0 ? runs : [[harness, faults] as const])
    results[newId(results, `runtime_${known.IMAGE_BASENAME}_${known.MACHINE}_${startTime}`)] = {
      configuration: { TEST_TYPE: 'runtime', STARTTIME: startTime, ...known },
      result,
    }
  return results
}

/** 14 digits, as DATETIME of bitbake. */
const startTimeOf = ({ startedAt }: Report): string =>
  (startedAt ?? new Date(0).toISOString()).replaceAll(/\D/g, '').padEnd(14, '0').slice(0, 14)

/** Two images of one name and machine in a run are two results. */
function newId(results: TestResults, id: string): string {
  for (let number = 1; ; number++) {
    const numbered = number === 1 ? id : `${id}_${number}`
    if (!Object.hasOwn(results, numbered)) return numbered
  }
}

const imageResults = ({ requirements }: ImageReport): Record<string, TestResult> =>
  Object.fromEntries(
    requirements.map((result) => [testId(result.suite, result.id), { status: statusOf(result), ...textOf(result) }]),
  )

const testId = (suite: string, id: string): string => `vpdmn_conformance.${suite}.${printableLine(id)}`

/**
 * EXPECTEDFAIL is counted nowhere, XFAIL as passed. Blocked requirements are skipped, as in JUnit: their cause is the one that
 * counts.
 */
const statuses: Readonly<Record<Exclude<Status, 'fail'>, TestResult['status']>> = {
  pass: 'PASSED',
  waived: 'XFAIL',
  error: 'ERROR',
  skip: 'SKIPPED',
  blocked: 'SKIPPED',
  'not-applicable': 'SKIPPED',
}

/** A failed warning does not decide, and resulttool knows no advice: it has passed, and its log says what it advises. */
function statusOf(result: RequirementResult): TestResult['status'] {
  if (result.status === 'fail') return isDecidingFailure(result) ? 'FAILED' : 'PASSED'
  return statuses[result.status]
}

function textOf(result: RequirementResult): Pick<TestResult, 'duration' | 'log'> {
  const isAdvice = result.status === 'fail' && !isDecidingFailure(result)
  const findings = result.findings.map(findingText)
  const lines = [...(isAdvice ? ['Advice, not met:'] : []), ...findings, ...(result.evidence ? [result.evidence] : [])]
  const log = lines.length === 0 ? {} : { log: printable([result.title, ...lines].join('\n')) }
  return { duration: result.durationMs / 1000, ...log }
}

const faultResults = ({ faults = [] }: Report): Record<string, TestResult> =>
  Object.fromEntries(
    faults.map((fault, index) => [
      testId('harness', `fault_${index + 1}`),
      { status: 'ERROR', duration: 0, log: printable(fault) },
    ]),
  )
