import { expect, test } from 'vitest'
import { limitOf } from './limits.ts'

const of = (metrics: string) => [{ metrics, failPercent: 1, reportPercent: 0 }]

test.each([
  ['exact_*', 'exact_boot_instructions', true],
  ['exact_*_wait_ns', 'exact_run_first_wait_ns', true],
  ['exact_*_wait_ns', 'exact_run_first_instructions', false],
  ['*_boot_*_ns', 'exact_boot_wait_ns', true],
  ['ab*ba', 'aba', false],
  ['a.c', 'abc', false],
  ['image_size_bytes', 'image_size_bytes', true],
  ['image', 'image_size_bytes', false],
  ['*', 'anything', true],
])('%s and %s: %s', (pattern, metric, fits) => {
  expect(limitOf(metric, of(pattern)) !== undefined).toBe(fits)
})
