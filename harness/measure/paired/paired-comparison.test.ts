import { expect, test } from 'vitest'
import { seededRandom } from '../statistics/seeded-random.ts'
import { comparePairs } from './paired-comparison.ts'
import { runPairs } from './pairs.ts'

/** Two sides that tell who ran when; B takes `factor` times as long while `isSlow` says so. */
function sides(order: string[], factor: (run: number) => number) {
  const random = seededRandom(9)
  const sample = (value: number) => ({ boot_cpu_ms: value * (1 + random() / 50), run_cpu_ms: 100 + random() })
  return {
    a: async () => {
      order.push('a')
      return sample(1000)
    },
    b: async () => {
      order.push('b')
      return sample(1000 * factor(order.length))
    },
  }
}

test('sides are run in pairs, in an order that a seed repeats and that varies', async () => {
  const [first, second]: [string[], string[]] = [[], []]
  await runPairs(
    sides(first, () => 1),
    20,
    seededRandom(1),
  )
  await runPairs(
    sides(second, () => 1),
    20,
    seededRandom(1),
  )
  expect(first).toEqual(second)
  const pairs = Array.from({ length: 20 }, (_unused, index) => first.slice(2 * index, 2 * index + 2).join(''))
  expect(new Set(pairs)).toEqual(new Set(['ab', 'ba']))
})

test('the same twice is no slower, after a pair that warms up and the series', async () => {
  const order: string[] = []
  const { results, samples } = await comparePairs(
    sides(order, () => 1),
    { random: seededRandom(2) },
  )
  expect(results.map(({ verdict }) => verdict)).toEqual(['no slower', 'no slower'])
  expect(samples[0]?.a).toHaveLength(8)
  expect(order).toHaveLength(2 * (1 + 8))
})

test('a slowdown is suspected, confirmed by fresh pairs, and all samples are kept', async () => {
  const { results, samples } = await comparePairs(
    sides([], () => 1.2),
    { random: seededRandom(3) },
  )
  expect(results.map(({ metric, verdict }) => [metric, verdict])).toEqual([
    ['boot_cpu_ms', 'slower'],
    ['run_cpu_ms', 'no slower'],
  ])
  expect(samples[0]?.a).toHaveLength(16)
})

test('a slowdown that fresh pairs do not show is not confirmed', async () => {
  const { results } = await comparePairs(
    sides([], (run) => (run <= 18 ? 1.2 : 1)),
    { random: seededRandom(4) },
  )
  expect(results[0]?.verdict).toBe('not confirmed')
})
