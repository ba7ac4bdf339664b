import { describe, expect, test } from 'vitest'
import type { SuiteCoordinates } from '../guest/prepare/coordinates.ts'
import type { Requirement } from '../model/requirement.ts'
import type { RequirementResult } from '../model/result.ts'
import { Lifetime } from '../platform/process/lifetime.ts'
import { joinSamples, runSuites, type SuiteRun, signalsOfOthers } from './run-suites.ts'

const requirementOf = (id: string): Requirement => ({
  ...{ id, suite: 'boot', title: id, severity: 'error', why: '', source: '', remedy: 'Mend it.' },
})

/** Runs the test files that stand in for a suite, and returns what came of each requirement with its finding. */
async function runStandIns(ids: readonly string[], onResult: SuiteRun['onResult']): Promise<string[]> {
  const requirements = ids.map(requirementOf)
  const targets = [{ key: 'image', coordinates: {} as SuiteCoordinates }]
  const results = await new Lifetime().within((lifetime) =>
    runSuites({ suites: ['boot'], targets, requirements, jobs: 1, lifetime, onResult }, 'fixtures/stand-in-suites'),
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
