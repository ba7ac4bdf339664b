import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from '../statistics/seeded-random.ts'
import { changePoints, minPoints } from './change-points.ts'

const level = (random: () => number, count: number, height: number, noise = 1) =>
  Array.from({ length: count }, () => height + (random() - 0.5) * noise)

test('a step is found where it is, to a point or two', () => {
  const random = seededRandom(1)
  const [found, ...others] = changePoints([...level(random, 25, 100), ...level(random, 25, 102)])
  expect(others).toEqual([])
  expect(Math.abs((found ?? 0) - 25)).toBeLessThanOrEqual(2)
})

test('a step up and down again is two', () => {
  const random = seededRandom(2)
  const found = changePoints([...level(random, 30, 5), ...level(random, 30, 9), ...level(random, 30, 5)])
  expect(found).toHaveLength(2)
})

test('an exact series that changes once changes there exactly, and one that never does has no change', () => {
  expect(changePoints([...Array(20).fill(1000), ...Array(15).fill(1001)])).toEqual([20])
  expect(changePoints(Array(60).fill(7))).toEqual([])
})

test('fewer points than are needed have no change, whatever they do', () => {
  expect(changePoints([...Array(14).fill(1), ...Array(minPoints - 15).fill(1000)])).toEqual([])
})

test('noise alone is hardly ever a change', () => {
  const random = seededRandom(3)
  const alarms = Array.from({ length: 60 }, () => changePoints(level(random, 40, 10)).length > 0).filter(Boolean)
  expect(alarms.length).toBeLessThanOrEqual(3)
})

test('one outlier is no new level', () => {
  const random = seededRandom(4)
  const values = level(random, 50, 10)
  values[25] = 500
  expect(changePoints(values)).toEqual([])
})

test('the answer does not depend on unit or zero, and change points are in order and inside', () => {
  const values = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 30, maxLength: 45 })
  fc.assert(
    fc.property(values, (series) => {
      const found = changePoints(series)
      expect(changePoints(series.map((value) => value * 1024 + 512))).toEqual(found)
      expect(found).toEqual(found.toSorted((a, b) => a - b))
      expect(found.every((index) => index > 0 && index < series.length)).toBe(true)
    }),
    { numRuns: 15 },
  )
})
