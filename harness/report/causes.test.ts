import { describe, expect, test } from 'vitest'
import type { RequirementResult } from '../model/result.ts'
import { blockedByCause, withUnexplainedBroken } from './causes.ts'
import { isDifference } from './requirement-rows.ts'
import { sampleImage, sampleReport, sampleResult } from './sample-report.ts'

const cause = sampleResult({ id: 'A-1', severity: 'error', status: 'fail' })
const blocked = (id: string, blockedBy: string): RequirementResult =>
  sampleResult({ id, severity: 'error', status: 'blocked', blockedBy, findings: [{ message: 'Why.' }] })

describe('what is blocked', () => {
  test('stands under its cause, in the order of both', () => {
    const results = [
      blocked('B-2', 'A-2'),
      { ...cause, id: 'A-2' },
      blocked('B-1', 'A-1'),
      cause,
      blocked('B-3', 'A-2'),
    ]
    expect([...blockedByCause(results)].map(([id, each]) => [id, each.map((result) => result.id)])).toEqual([
      ['A-2', ['B-2', 'B-3']],
      ['A-1', ['B-1']],
    ])
  })

  test('is told as broken where no failure of the same image explains it', () => {
    const requirements = [cause, blocked('B-1', 'A-1'), blocked('B-2', 'A-9'), blocked('B-3', 'B-1')]
    const report = withUnexplainedBroken(sampleReport({ images: [sampleImage({ requirements })] }))
    expect(report.images[0]?.requirements.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'A-1 fail',
      'B-1 blocked',
      'B-2 error',
      'B-3 error',
    ])
    const broken = report.images[0]?.requirements[2]
    expect(broken).not.toHaveProperty('blockedBy')
    expect(broken?.findings.map(({ message }) => message)).toEqual([
      'Blocked by A-9, which did not fail in a way that explains it: nothing is known of this requirement.',
      'Why.',
    ])
  })

  test('differs between images by what blocks it', () => {
    const row = (...results: RequirementResult[]) => isDifference({ first: cause, results })
    expect(row(blocked('B-1', 'A-1'), blocked('B-1', 'A-1'))).toBe(false)
    expect(row(blocked('B-1', 'A-1'), blocked('B-1', 'A-2'))).toBe(true)
    expect(row(sampleResult(), sampleResult({ status: 'not-applicable' }))).toBe(true)
  })
})
