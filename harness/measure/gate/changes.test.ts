import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Metric } from '../../model/result.ts'
import { changes } from './changes.ts'

const limits = [
  { metrics: 'exact_*', failPercent: 0.5, reportPercent: 0.05 },
  { metrics: 'image_size_bytes', failPercent: 5, reportPercent: 0.5 },
]
const exact = (name: string, value: number): Metric => ({ name, unit: 'instructions', tier: 0, samples: [value] })
const judgements = (before: Metric[], after: Metric[]) =>
  changes(before, after, limits).map(({ metric, judgement }) => [metric, judgement])

test('over the limits of the metric it is slower or drifted, below them the same', () => {
  const before = ['a', 'b', 'c', 'd'].map((name) => exact(`exact_${name}_instructions`, 1_000_000))
  const after = [1_005_001, 1_005_000, 1_000_500, 994_000].map((value, index) =>
    exact(before[index]?.name ?? '', value),
  )
  expect(judgements(before, after).map(([, judgement]) => judgement)).toEqual(['slower', 'drifted', 'same', 'drifted'])
})

test('a metric has the limits of the first row that fits it; one without any is not compared', () => {
  expect(judgements([exact('image_size_bytes', 1000)], [exact('image_size_bytes', 1040)])).toEqual([
    ['image_size_bytes', 'drifted'],
  ])
  expect(judgements([exact('other', 1)], [exact('other', 9)])).toEqual([])
})

test('a wait is measured by its whole phase: one that appears from nothing is a slowdown of its size', () => {
  const phase = (waitNs: number) => [exact('exact_run_instructions', 1e9), exact('exact_run_wait_ns', waitNs)]
  expect(changes(phase(0), phase(2e9), limits).at(-1)).toMatchObject({ percent: 200, judgement: 'slower' })
  expect(changes(phase(0), phase(1e5), limits).at(-1)).toMatchObject({ judgement: 'same' })
})

test('metrics that vary are not compared by this gate', () => {
  const wall: Metric = { name: 'exact_like_ms', unit: 'ms', tier: 2, samples: [1] }
  expect(changes([wall], [{ ...wall, samples: [2] }], limits)).toEqual([])
})

test('nothing changes against itself, and 1 % more work is always slower', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 100, max: 1e12 }), { minLength: 1 }), (values) => {
      const before = values.map((value, index) => exact(`exact_${index}_instructions`, value))
      const slower = values.map((value, index) => exact(`exact_${index}_instructions`, Math.ceil(value * 1.01)))
      expect(judgements(before, before).every(([, judgement]) => judgement === 'same')).toBe(true)
      expect(judgements(before, slower).every(([, judgement]) => judgement === 'slower')).toBe(true)
    }),
  )
})
