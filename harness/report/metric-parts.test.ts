import { expect, test } from 'vitest'
import type { Metric } from '../model/result.ts'
import { metricParts } from './metric-parts.ts'

const metric = (name: string, unit: string, ...samples: number[]): Metric => ({ name, unit, tier: 2, samples })

test('metrics of one subject stand together, as medians in readable units', () => {
  const metrics = [
    metric('boot_kernel_ms', 'ms', 2200),
    metric('run_first_ms', 'ms', 9000, 7000, 8000),
    metric('boot_init_ms', 'ms', 300),
    metric('image_size_bytes', 'bytes', 58e6),
    metric('boot_instructions', 'instructions', 123456789),
  ]
  expect(metricParts(metrics)).toEqual([
    'image: size 58.0 MB',
    'boot: kernel 2.2 s, init 300 ms, 123 million instructions',
    'run: first 8.0 s',
  ])
})

test('a metric without samples is not shown', () => {
  expect(metricParts([metric('pull_tiny_ms', 'ms')])).toEqual([])
})

test('a wait that did not happen is not shown', () => {
  expect(metricParts([metric('exact_init_wait_ns', 'ns', 0), metric('exact_run_wait_ns', 'ns', 2e9)])).toEqual([
    'exact: run wait 2.0 s',
  ])
})

test('a metric with a baseline says how it changed', () => {
  const history = [{ metric: 'boot_ready_ms', unit: 'ms', points: [], baseline: 10_000, changePoints: [] }]
  expect(metricParts([metric('boot_ready_ms', 'ms', 10_420)], history)).toEqual(['boot: ready 10.4 s (+4.2 %)'])
  expect(metricParts([metric('boot_ready_ms', 'ms', 9500)], history)).toEqual(['boot: ready 9.5 s (−5.0 %)'])
})
