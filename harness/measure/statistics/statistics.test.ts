import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hodgesLehmann } from './hodges-lehmann.ts'
import { holm } from './holm.ts'
import { outliers } from './outliers.ts'
import { seededRandom } from './seeded-random.ts'
import { doubledRanks, signedRankP } from './signed-rank.ts'

const differences = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 10 })

/** The definition itself: all choices of signs, counted. */
function enumeratedP(values: readonly number[]): number {
  const nonZero = values.filter((value) => value !== 0)
  const ranks = doubledRanks(nonZero.map(Math.abs))
  const sumOf = (isPositive: (index: number) => boolean) =>
    ranks.reduce((sum, rank, index) => sum + (isPositive(index) ? rank : 0), 0)
  const observed = sumOf((index) => (nonZero[index] as number) > 0)
  let asLarge = 0
  for (let signs = 0; signs < 2 ** ranks.length; signs++)
    if (sumOf((index) => (signs & (1 << index)) !== 0) >= observed) asLarge++
  return asLarge / 2 ** ranks.length
}

describe('the signed-rank test', () => {
  test('is the count of all choices of signs, ties and zeros included', () => {
    fc.assert(
      fc.property(differences, (values) => {
        expect(signedRankP(values)).toBeCloseTo(enumeratedP(values), 12)
      }),
    )
  })

  // R: wilcox.test(x, alternative = "greater", exact = TRUE)
  test.each([
    [[1, 2, 3, 4, 5, 6, 7, 8], 1 / 256],
    [[-1, 2, 3, 4, 5, 6, 7, 8], 2 / 256],
    [[0.952, -0.147, 1.022, 0.43, 0.62, 0.59, 0.49, -0.08, 0.01], 0.01953125],
    [[], 1],
    [[0, 0], 1],
  ])('%j has p = %d', (values, p) => expect(signedRankP(values)).toBeCloseTo(p, 12))

  test('p of a series and of its mirror add up to 1 and the probability of the sum itself', () => {
    fc.assert(
      fc.property(differences, (values) => {
        expect(signedRankP(values) + signedRankP(values.map((value) => -value))).toBeGreaterThanOrEqual(1 - 1e-12)
      }),
    )
  })

  test('a fair coin is suspected no more often than p says', () => {
    const random = seededRandom(7)
    const trials = 4000
    let alarms = 0
    for (let trial = 0; trial < trials; trial++)
      if (signedRankP(Array.from({ length: 12 }, () => random() - 0.5)) < 0.05) alarms++
    expect(alarms / trials).toBeLessThan(0.06)
    expect(alarms / trials).toBeGreaterThan(0.03)
  })
})

describe("Hodges' and Lehmann's estimate", () => {
  test('lies in its interval, moves with the differences, and turns with their sign', () => {
    fc.assert(
      fc.property(differences, fc.integer({ min: -99, max: 99 }), (values, shift) => {
        const effect = hodgesLehmann(values)
        expect(effect.low).toBeLessThanOrEqual(effect.estimate)
        expect(effect.high).toBeGreaterThanOrEqual(effect.estimate)
        expect(hodgesLehmann(values.map((value) => value + shift)).estimate).toBeCloseTo(effect.estimate + shift, 9)
        expect(hodgesLehmann(values.map((value) => -value)).estimate).toBeCloseTo(-effect.estimate, 9)
      }),
    )
  })

  // R: wilcox.test(c(-3, 1, 2, 4, 6, 7, 8, 12), conf.int = TRUE) has the interval of the 4th and the 33rd average.
  test('has the interval of the signed-rank test', () => {
    const effect = hodgesLehmann([-3, 1, 2, 4, 6, 7, 8, 12])
    expect(effect.confidence).toBeCloseTo(1 - 2 * (5 / 256), 12)
    expect([effect.low, effect.high]).toEqual([0.5, 9])
  })

  test('does not sort its input', () => {
    const values = [3, -1, 2]
    hodgesLehmann(values)
    expect(values).toEqual([3, -1, 2])
  })

  test('the interval holds the truth about as often as it says', () => {
    const random = seededRandom(11)
    let held = 0
    for (let trial = 0; trial < 1000; trial++) {
      const { low, high } = hodgesLehmann(Array.from({ length: 10 }, () => random() - 0.5 + 3))
      if (low <= 3 && high >= 3) held++
    }
    expect(held).toBeGreaterThan(930)
  })
})

describe("Holm's adjustment", () => {
  test.each([
    [
      [0.01, 0.04, 0.03, 0.005],
      [0.03, 0.06, 0.06, 0.02],
    ],
    [
      [0.5, 0.9],
      [1, 1],
    ],
    [[], []],
  ])('%j becomes %j', (values, adjusted) =>
    expect(holm(values).map((value) => Number(value.toFixed(9)))).toEqual(adjusted),
  )

  test('keeps the order of p-values, never lowers one, and raises none above the number of tests', () => {
    const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(values, (p) => {
        const adjusted = holm(p)
        for (const [one, value] of p.entries()) {
          expect(adjusted[one]).toBeGreaterThanOrEqual(value)
          expect(adjusted[one]).toBeLessThanOrEqual(Math.min(1, value * p.length))
          for (const [other, larger] of p.entries())
            if (value < larger) expect(adjusted[one]).toBeLessThanOrEqual(adjusted[other] as number)
        }
      }),
    )
  })
})

test('an outlier is flagged, the tail of a distribution is not', () => {
  expect(outliers([10, 11, 9, 10.5, 100])).toEqual([4])
  expect(outliers([10, 11, 9, 10.5, 14])).toEqual([])
  expect(outliers([5, 5, 5, 9])).toEqual([])
  expect(outliers([])).toEqual([])
})

test('a seed repeats its numbers, which fill the range', () => {
  const [one, other] = [seededRandom(3), seededRandom(3)]
  const numbers = Array.from({ length: 1000 }, one)
  expect(numbers).toEqual(Array.from({ length: 1000 }, other))
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...numbers)).toBeLessThan(1)
  expect(numbers.filter((number) => number < 0.5).length).toBeGreaterThan(450)
})
