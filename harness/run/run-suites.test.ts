import { describe, expect, test } from 'vitest'
import type { SuiteCoordinates } from '../guest/prepare/coordinates.ts'
import type { Requirement } from '../model/requirement.ts'
import type { RequirementResult } from '../model/result.ts'
import { Lifetime } from '../platform/process/lifetime.ts'
import { sampleResult } from '../report/sample-report.ts'
import { AnswerHistory } from './answer-history.ts'
import { joinSamples, runSuites, type SuiteRun, signalsOfOthers } from './run-suites.ts'

const standIns = 'fixtures/stand-in-suites'

const requirementOf = (id: string): Requirement => ({
  ...{ id, suite: 'boot', title: id, severity: 'error', why: '', source: '', remedy: 'Mend it.' },
})

/** Runs the test files that stand in for a suite, and returns what came of each requirement with its finding. */
async function runStandIns(
  ids: readonly string[],
  onResult: SuiteRun['onResult'],
  history = new AnswerHistory('/nowhere/answers.json'),
): Promise<string[]> {
  const requirements = ids.map(requirementOf)
  const targets = [{ key: 'image', coordinates: { boot: { arch: 'x86_64' } } as SuiteCoordinates }]
  const results = await new Lifetime().within((lifetime) =>
    runSuites({ suites: ['boot'], targets, requirements, jobs: 1, history, lifetime, onResult }, standIns),
  )
  const told = ({ id, status, findings }: RequirementResult) => [id, status, findings[0]?.message].join(' ').trim()
  return (results.get('image')?.requirements ?? []).map(told)
}

describe('the suites', () => {
  test('answer for all requirements; one without a test is an error', async () => {
    expect(await runStandIns(['ONE-001', 'ONE-003', 'ONE-009', 'TWO-001'], () => undefined)).toEqual([
      'ONE-001 pass',
      'ONE-003 pass',
      'ONE-009 error No test of the suite answered for this requirement.',
      'TWO-001 pass',
    ])
  })

  test('ask first what failed before, and remember what failed now', async () => {
    const history = new AnswerHistory('/nowhere/answers.json')
    history.note('x86_64', 'boot/later', sampleResult({ id: 'TWO-001', status: 'fail' }))
    const told: string[] = []
    const note = (id: string) => {
      told.push(id)
      return undefined
    }
    await runStandIns(['ONE-001', 'ONE-002', 'TWO-001'], (_, { id }) => note(id), history)
    expect(told).toEqual(['TWO-001', 'ONE-001', 'ONE-002'])
    const failed = ['boot/first', 'boot/later'].map(
      (file) => history.ofFile('x86_64', file, new Set(['ONE-002', 'TWO-001'])).failed,
    )
    expect(failed).toEqual([true, false])
  })

  test('end at a result that ends the run: what runs, what follows in its file and other files are not run', async () => {
    const told: string[] = []
    const ids = ['ONE-001', 'ONE-002', 'ONE-003', 'ONE-004', 'TWO-001']
    const results = await runStandIns(ids, (_, { id, status }) => {
      told.push(id)
      return status === 'fail' ? 'Ended.' : undefined
    })
    expect(results).toEqual([
      'ONE-001 pass',
      'ONE-002 fail It does not conform.',
      'ONE-003 skip Ended.',
      'ONE-004 skip Ended.',
      'TWO-001 skip Ended.',
    ])
    expect(told).toEqual(['ONE-001', 'ONE-002'])
  })
})

test('samples of one metric stand together, in their order; other tiers and names stay apart', () => {
  const joined = joinSamples([
    { name: 'boot_ready_ms', unit: 'ms', tier: 2, samples: [3] },
    { name: 'boot_init_ms', unit: 'ms', tier: 2, samples: [1] },
    { name: 'boot_ready_ms', unit: 'ms', tier: 0, samples: [9] },
    { name: 'boot_ready_ms', unit: 'ms', tier: 2, samples: [2, 4] },
  ])
  expect(joined).toEqual([
    { name: 'boot_ready_ms', unit: 'ms', tier: 2, samples: [3, 2, 4] },
    { name: 'boot_init_ms', unit: 'ms', tier: 2, samples: [1] },
    { name: 'boot_ready_ms', unit: 'ms', tier: 0, samples: [9] },
  ])
})

test('whoever came to listen to signals is taken away, and who listened before stays', () => {
  const [before, later] = [() => {}, () => {}]
  process.on('SIGHUP', before)
  const takeBack = signalsOfOthers()
  process.on('SIGHUP', later)
  takeBack()
  expect(process.listeners('SIGHUP')).toContain(before)
  expect(process.listeners('SIGHUP')).not.toContain(later)
  process.off('SIGHUP', before)
})
