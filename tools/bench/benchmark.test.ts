import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inTurn, median } from './benchmark.ts'

test('half of the samples are at or below the median, half at or above', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 }), (samples) => {
      const middle = median(samples)
      expect(samples.filter((sample) => sample <= middle).length).toBeGreaterThanOrEqual(samples.length / 2)
      expect(samples.filter((sample) => sample >= middle).length).toBeGreaterThanOrEqual(samples.length / 2)
    }),
  )
})

test('the median does not sort its input', () => {
  const samples = [3, 1, 2]
  expect([median(samples), samples]).toEqual([2, [3, 1, 2]])
})

test('two ways are run in turn', async () => {
  const order: string[] = []
  const run = (name: string) => async () => order.push(name)
  expect(await inTurn(2, run('a'), run('b'))).toEqual([
    [1, 3],
    [2, 4],
  ])
  expect(order).toEqual(['a', 'b', 'a', 'b'])
})
