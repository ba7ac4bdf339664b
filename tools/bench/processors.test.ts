import { expect, test } from 'vitest'
import { processorTable } from './processors.ts'

test('each model is told as a share of the runners’ in the same round, with what it is taken for', () => {
  const table = processorTable('x86_64', [
    { cpu: 'Skylake-Client', bootMs: [100, 200, 100], podmanMs: [50, 50, 50] },
    { cpu: 'Haswell-noTSX', bootMs: [70, 160, 90], podmanMs: [40, 45, 30] },
  ])
  expect(table).toContain('Skylake-Client = 1 (median of 3 rounds, least to most)\n')
  expect(table).toContain(
    '  boot 0.80 (0.70 to 0.90)  podman 0.80 (0.60 to 0.90)  Haswell-noTSX  (taken for x86-64-v3)\n',
  )
})
