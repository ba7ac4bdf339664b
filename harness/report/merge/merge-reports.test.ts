import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Requirement } from '../../model/requirement.ts'
import type { RequirementResult } from '../../model/result.ts'
import { type Status, statusNames } from '../../model/status.ts'
import { judge } from '../judge.ts'
import { sampleImage, sampleReport, sampleResult } from '../sample-report.ts'
import type { Report } from '../schema.ts'
import { mergeReports } from './merge-reports.ts'

const merge = (...reports: Report[]) => mergeReports(reports, new Map())
const result = (id: string, status: Status = 'pass') => sampleResult({ id, status, suite: 'boot' })
const shard = (index: number, count: number, expected: string[], requirements: RequirementResult[]) =>
  sampleReport({ shard: { index, count, expected }, images: [sampleImage({ requirements })] })

describe('merged shards', () => {
  const statuses = fc.constantFrom<Status>(...statusNames)
  const severities = fc.constantFrom('blocker', 'error', 'warning', 'info')

  test('have the verdict of one run, however the tests are dealt', () => {
    const tests = fc.array(fc.tuple(statuses, severities, fc.nat(2)), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(tests, (drawn) => {
        const results = drawn.map(([status, severity], index) => ({
          ...result(`X-${index}`, status),
          severity,
          ...(status === 'blocked' && { blockedBy: 'X-0' }),
        }))
        const ids = results.map(({ id }) => id)
        const statics = [sampleResult()]
        const whole = judge([sampleImage({ requirements: [...statics, ...results] })])
        const shards = [1, 2, 3].map((index) => {
          const own = results.filter((_, number) => drawn[number]?.[2] === index - 1)
          return shard(index, 3, ids, [...statics, ...own])
        })
        const merged = merge(...shards)
        expect(merged.verdict).toBe(whole)
        expect(merged.images[0]?.requirements.map(({ id }) => id).toSorted()).toEqual(['BIN-001', ...ids].toSorted())
      }),
    )
  })

  test('one that is missing is a fault, not a pass', () => {
    const merged = merge(shard(1, 2, ['A-1', 'A-2'], [result('A-1')]))
    expect(merged.verdict).toBe('error')
    expect(merged.faults).toEqual(['Shard 2 of 2 on x86_64 vpdmn.squashfs is missing: its job left no report.'])
    expect(merged.faultDetails).toEqual([{ code: 'E_MISSING_REPORT', message: merged.faults?.[0] }])
  })

  test('owe nothing that is not asked of the image’s engine', () => {
    const ofPodman: Requirement = {
      ...sampleResult(),
      suite: 'boot',
      id: 'A-1',
      engine: 'podman',
      why: '',
      source: '',
      remedy: '',
    }
    const parts = [1, 2].map((index) =>
      sampleReport({ shard: { index, count: 2, expected: ['A-1'] }, images: [sampleImage({ engine: 'docker' })] }),
    )
    expect(mergeReports(parts, new Map([['A-1', ofPodman]])).verdict).toBe('conforms')
  })

  test('what none of them answered is an error', () => {
    const merged = merge(shard(1, 2, ['A-1', 'A-2'], [result('A-1')]), shard(2, 2, ['A-1', 'A-2'], [sampleResult()]))
    expect(merged.verdict).toBe('error')
    expect(merged.images[0]?.requirements.at(-1)).toMatchObject({ id: 'A-2', status: 'error' })
  })

  test.each([
    ['the same twice', [1, 2], [1, 2]],
    ['cut differently', [1, 2], [2, 3]],
  ] as const)('%s are a fault', (_, one, other) => {
    const merged = merge(shard(one[0], one[1], [], [result('A-1')]), shard(other[0], other[1], [], [result('A-1')]))
    expect(merged.verdict).toBe('error')
  })

  test('a fault of one shard stays one, and what speaks most against an image is kept', () => {
    const faulty = { ...shard(2, 2, [], [result('A-1', 'fail')]), faults: ['QEMU ended.'] }
    const merged = merge(shard(1, 2, [], [result('A-1')]), faulty)
    expect(merged).toMatchObject({ verdict: 'error', faults: ['QEMU ended.'] })
    expect(merged.images[0]?.requirements).toMatchObject([{ id: 'A-1', status: 'fail' }])
  })

  test('keep what a failure blocks, unless another failed or broke; what one could not ask, another may have', () => {
    const blocked = (cause: string) => ({
      ...result('A-2', 'blocked'),
      blockedBy: cause,
      findings: [{ message: `Blocked by ${cause}.` }],
    })
    const mergeTwo = (one: RequirementResult, other: RequirementResult) =>
      merge(shard(1, 2, [], [result('A-1', 'fail'), one]), shard(2, 2, [], [other])).images[0]?.requirements[1]
    expect(mergeTwo(blocked('A-1'), blocked('A-9'))).toEqual(blocked('A-1'))
    for (const status of ['pass', 'waived', 'skip', 'not-applicable'] as const)
      expect(mergeTwo(result('A-2', status), blocked('A-1'))).toEqual(blocked('A-1'))
    for (const status of ['fail', 'error'] as const)
      expect(mergeTwo(blocked('A-1'), result('A-2', status))).toEqual(result('A-2', status))
    expect(mergeTwo(result('A-2', 'not-applicable'), result('A-2'))).toEqual(result('A-2'))
  })

  test('add up their samples; exact values count once', () => {
    const metrics = [
      { name: 'image_size_bytes', unit: 'bytes', tier: 0 as const, samples: [5] },
      { name: 'boot_ready_ms', unit: 'ms', tier: 2 as const, samples: [1, 2] },
    ]
    const part = (index: number) =>
      sampleReport({ shard: { index, count: 2, expected: [] }, images: [sampleImage({ metrics })] })
    expect(merge(part(1), part(2)).images[0]?.metrics.map(({ samples }) => samples)).toEqual([[5], [1, 2, 1, 2]])
  })
})

test('runs on several images become one report with all of them', () => {
  const other = sampleImage({ arch: 'aarch64', sha256: 'b'.repeat(64), requirements: [result('A-1', 'fail')] })
  const merged = merge(sampleReport({ harnessDurationMs: 5 }), sampleReport({ images: [other], harnessDurationMs: 9 }))
  expect(merged).toMatchObject({ verdict: 'does-not-conform', harnessDurationMs: 9 })
  expect(merged.images.map(({ arch }) => arch)).toEqual(['x86_64', 'aarch64'])
})
