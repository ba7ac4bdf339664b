import { Value } from '@sinclair/typebox/value'
import { describe, expect, test } from 'vitest'
import { sampleImage, sampleResult } from '../report/sample-report.ts'
import { type Policy, unmet } from './policy.ts'
import { sampleAttestedRun } from './sample-attested-run.ts'
import { sha256, summaryStatement, type TestResult, testResultSchema, testResultStatement } from './statements.ts'

const result = (id: string, fields: Parameters<typeof sampleResult>[0]) => sampleResult({ id, ...fields })
const passed = result('A-1', { status: 'pass' })
const failed = result('A-2', { status: 'fail', severity: 'error' })
const advice = result('A-3', { status: 'fail', severity: 'warning' })
const waived = result('A-4', { status: 'waived' })
const blocked = result('A-5', { status: 'blocked', blockedBy: 'A-2' })
const skipped = result('A-6', { status: 'skip', suite: 'boot' })
const image = (...requirements: (typeof passed)[]) => sampleImage({ requirements })
const predicateOf = (...requirements: (typeof passed)[]) =>
  (testResultStatement(image(...requirements), sampleAttestedRun) as TestResult).predicate

describe('the statement of test results', () => {
  test('is one that its reader takes, with image and boot files as subject', () => {
    const statement = testResultStatement(image(passed), sampleAttestedRun)
    expect([...Value.Errors(testResultSchema, statement)]).toEqual([])
    expect(statement.subject.map(({ digest }) => digest.sha256)).toEqual(['a'.repeat(64), 'c'.repeat(64)])
  })

  test('passes where all does, warns on advice and waivers, and fails on what decides or was blocked', () => {
    expect(predicateOf(passed, skipped)).toMatchObject({ result: 'PASSED', passedTests: ['A-1'], failedTests: [] })
    expect(predicateOf(passed, advice, waived)).toMatchObject({ result: 'WARNED', warnedTests: ['A-3', 'A-4'] })
    expect(predicateOf(passed, failed, blocked)).toMatchObject({ result: 'FAILED', failedTests: ['A-2', 'A-5'] })
  })

  test('names only suites that looked at the image, and counts every status', () => {
    const { suites, counts } = predicateOf(passed, skipped).configuration[0].annotations
    expect(suites).toEqual(['static'])
    expect(counts).toMatchObject({ pass: 1, skip: 1, fail: 0 })
  })
})

test('the summary says the same in a word, of the envelope that it is made of', () => {
  const good = summaryStatement(image(passed), sampleAttestedRun, 'envelope')
  expect(good.predicate).toMatchObject({
    timeVerified: sampleAttestedRun.startedAt,
    inputAttestations: [{ digest: { sha256: sha256('envelope') } }],
    verificationResult: 'PASSED',
    verifiedLevels: ['VPDMN_CONFORMS_WRYNOSE'],
  })
  const bad = summaryStatement(image(failed), sampleAttestedRun, '').predicate
  expect(bad).toMatchObject({ verificationResult: 'FAILED', verifiedLevels: ['FAILED'] })
})

describe('a policy', () => {
  const now = new Date('2026-08-11T10:00:00.000Z')
  const problems = (policy: Partial<Policy>, ...requirements: (typeof passed)[]) =>
    unmet(
      testResultStatement(image(...requirements), sampleAttestedRun) as TestResult,
      { noWaivers: false, noReuse: false, suites: [], ...policy },
      now,
    )

  test('of nothing wants conformance alone', () => {
    expect(problems({}, passed, advice, waived)).toEqual([])
    expect(problems({}, failed)).toEqual(['it did not conform: A-2 failed or were blocked'])
  })

  test('takes its own era and later ones', () => {
    expect(problems({ era: 'seed' }, passed)).toEqual([])
    expect(problems({ era: 'wrynose' }, passed)).toEqual([])
    expect(problems({ era: 'master' }, passed)).toEqual(['it was judged by the era wrynose, which is before master'])
  })

  test('may refuse waivers, suites that were not run, and old statements', () => {
    expect(problems({ noWaivers: true }, passed, waived)).toEqual(['waivers cover 1 requirement: A-4'])
    expect(problems({ suites: ['static', 'boot'] }, passed, skipped)).toEqual(['it was not judged by the suite boot'])
    expect(problems({ maxAgeDays: 10 }, passed)).toEqual([])
    expect(problems({ maxAgeDays: 9 }, passed)[0]).toMatch(/more than 9 days ago/)
  })

  test('sees what earlier runs found, may refuse it, and takes a statement to be as old as the first of it', () => {
    const reused = { ...passed, reusedFrom: '2026-07-01T00:00:00.000Z' }
    expect(problems({}, reused)).toEqual([])
    expect(problems({ noReuse: true }, passed)).toEqual([])
    expect(problems({ noReuse: true }, reused)).toEqual(['it reuses 1 result of earlier runs'])
    expect(problems({ maxAgeDays: 30 }, reused)[0]).toMatch(/2026-07-01.*more than 30 days ago/)
  })

  test('refuses a statement from the future, and one without a time', () => {
    for (const startedAt of ['2026-08-11T10:06:00.000Z', 'some day']) {
      const statement = testResultStatement(image(passed), { ...sampleAttestedRun, startedAt }) as TestResult
      expect(unmet(statement, { noWaivers: false, noReuse: false, suites: [] }, now)[0]).toMatch(/yet to come/)
    }
  })
})
