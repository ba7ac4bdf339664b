import { expect, test } from 'vitest'
import type { Comparison } from '../../measure/compare/comparison.ts'
import { comparisonText } from './comparison-text.ts'

const file = (path: string) => ({ path, sha256: 'x', sizeBytes: 46e6 })
const change = {
  metric: 'exact_boot_init_instructions',
  unit: 'instructions',
  before: 1e6,
  after: 1.02e6,
  percent: 2,
} as const
const content: Comparison['content'] = {
  files: [
    { path: '/init', change: 'changed', sizeBytes: 12 },
    { path: '/usr/bin/\u001b[31mx', change: 'added', sizeBytes: 5e6 },
  ],
  packages: [
    { name: 'podman', a: '5.4', b: '5.5' },
    { name: 'crun', b: '1.2' },
  ],
}

test('what is slower comes first, then every phase, then what differs where it looks', () => {
  const text = comparisonText({ a: file('/a'), b: file('/b'), content, exact: [{ ...change, judgement: 'slower' }] })
  expect(text.split('\n')[0]).toBe('B IS SLOWER OR LARGER in 1 metric')
  expect(text).toMatch(/exact_boot_init_instructions +1,000,000 +1,020,000 +\+2\.00 % {2}SLOWER/)
  expect(text).toContain('Packages that differ: podman 5.4 → 5.5, crun new → 1.2')
  expect(text).toContain('Differs where exact_boot_init_instructions looks: /init changed (+12 B)')
})

test('names from an image reach the terminal as text', () => {
  expect(comparisonText({ a: file('/a'), b: file('/b'), content })).not.toContain('\u001b')
})

test('a comparison in pairs shows the effect with its interval, the verdict and what was disturbed', () => {
  const result = {
    metric: 'boot_wall_ms',
    percent: 12,
    lowPercent: 8,
    highPercent: 17,
    p: 0.004,
    suspected: true,
    outlierPairs: [3],
  }
  const paired = {
    results: [{ ...result, verdict: 'not confirmed' as const }],
    samples: [{ metric: 'boot_wall_ms', a: [1, 2], b: [1, 2] }],
  }
  const text = comparisonText({ a: file('/a'), b: file('/b'), content: { files: [], packages: [] }, paired })
  expect(text.split('\n')[0]).toBe('B is no slower')
  expect(text).toMatch(/boot_wall_ms +\+12\.00 % \(\+8\.00 to \+17\.00\) +p 0\.0040 +not confirmed {2}outliers: 1 pair/)
})
