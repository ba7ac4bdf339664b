import { describe, expect, test } from 'vitest'
import { comparePaired, confirms, type PairedSamples, pairsNeeded } from './paired-verdict.ts'
import { seededRandom } from './seeded-random.ts'

/** A machine whose speed changes from pair to pair, and less within one; B takes `factor` times as long. */
function pairs(random: () => number, count: number, factor: number, withinPair: number, metric = 'm'): PairedSamples {
  const noise = () => Math.exp((random() - 0.5) * withinPair)
  const speeds = Array.from({ length: count }, () => Math.exp((random() - 0.5) * 1.4))
  return { metric, a: speeds.map((speed) => speed * noise()), b: speeds.map((speed) => speed * factor * noise()) }
}

const alarmed = (random: () => number, factor: number, withinPair: number): boolean => {
  const count = pairsNeeded(6)
  const first = Array.from({ length: 6 }, (_unused, index) => pairs(random, count, factor, withinPair, `m${index}`))
  return comparePaired(first).some(
    ({ suspected }, index) =>
      suspected && confirms(first[index] as PairedSamples, pairs(random, count, factor, withinPair)),
  )
}

const rate = (seed: number, factor: number, withinPair: number, trials: number): number => {
  const random = seededRandom(seed)
  return Array.from({ length: trials }, () => alarmed(random, factor, withinPair)).filter(Boolean).length / trials
}

describe('paired comparison', () => {
  test('of a thing with itself raises no alarm, however unsteady the machine', () => {
    expect(rate(1, 1, 0.3, 200)).toBe(0)
    expect(rate(2, 1, 1.5, 200)).toBe(0)
  })

  test('finds a slowdown of 20 % through a machine whose speed varies by 40 %', () => {
    expect(rate(3, 1.2, 0.2, 50)).toBeGreaterThan(0.95)
  })

  test('says nothing of 2 %, which is below what it calls a difference', () => {
    expect(rate(4, 1.02, 0.02, 50)).toBe(0)
  })

  test('tells the effect with its interval', () => {
    const [result] = comparePaired([pairs(seededRandom(5), 12, 1.1, 0.05)])
    expect(result?.percent).toBeGreaterThan(8)
    expect(result?.percent).toBeLessThan(12)
    expect(result?.lowPercent).toBeLessThan(result?.percent ?? 0)
    expect(result?.highPercent).toBeGreaterThan(result?.percent ?? 0)
  })

  test('flags an outlier and keeps it', () => {
    const samples = pairs(seededRandom(6), 12, 1, 0.01)
    const a = samples.a.map((_value, index) => (index === 5 ? 1000 : 1 + index / 100))
    const [result] = comparePaired([{ ...samples, a, b: a }])
    expect(result?.outlierPairs).toEqual([5])
  })

  test('enough pairs are taken for the clearest result to count', () => {
    for (const metricCount of [1, 2, 9, 18, 40]) {
      const count = pairsNeeded(metricCount)
      expect(count).toBeGreaterThanOrEqual(8)
      expect(metricCount * 2 ** -count).toBeLessThan(0.01)
    }
  })

  test('samples that are not pairs are a mistake', () => {
    expect(() => comparePaired([{ metric: 'm', a: [1], b: [] }])).toThrow('not pairs')
  })
})
