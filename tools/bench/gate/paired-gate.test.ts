import { expect, test } from 'vitest'
import { seededRandom } from '../../../harness/measure/statistics/seeded-random.ts'
import { compareDrawn } from './paired-gate.ts'

const random = seededRandom(1)
const pool = Array.from({ length: 16 }, () => ({
  boot_cpu_ms: 10_000 * (1 + random() / 10),
  boot_wall_ms: 20_000 * (1 + random() / 2),
}))
const rateOf = async (percent: number) => {
  const outcomes = await Promise.all(Array.from({ length: 20 }, (_unused, seed) => compareDrawn(pool, percent, seed)))
  return outcomes.filter((outcome) => outcome === 'failed').length
}

test('drawn comparisons raise no false alarm and find a large slowdown', async () => {
  expect(await rateOf(0)).toBe(0)
  expect(await rateOf(1)).toBe(0)
  expect(await rateOf(20)).toBe(20)
})
