import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { minimalSet } from './minimal-set.ts'

const items = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

/** Items, and some sets of them each of which alone makes it happen. */
const causes = fc.integer({ min: 1, max: 200 }).chain((count) =>
  fc.record({
    count: fc.constant(count),
    sets: fc.array(fc.uniqueArray(fc.integer({ min: 0, max: count - 1 }), { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 3,
    }),
  }),
)

describe('the smallest set', () => {
  test('is one of the causes, whichever there are', async () => {
    await fc.assert(
      fc.asyncProperty(causes, async ({ count, sets }) => {
        const happens = async (chosen: readonly number[]) =>
          sets.some((set) => set.every((item) => chosen.includes(item)))
        const { items: found } = await minimalSet(items(count), happens)
        expect(sets.some((set) => set.toSorted().join() === found.toSorted().join())).toBe(true)
      }),
    )
  })

  test('makes it happen, and no longer without any one item, also where more items may hide what fewer show', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.integer(), async (count, salt) => {
        const all = items(count)
        const answer = (chosen: readonly number[]) =>
          chosen.length === count ||
          (chosen.length > 0 && chosen.reduce((hash, item) => Math.imul(hash ^ item, 0x01000193), salt) % 3 === 0)
        // The order in which it is asked must not matter.
        const happens = async (chosen: readonly number[]) => answer(chosen.toSorted((a, b) => a - b))
        const { items: found } = await minimalSet(all, happens)
        expect(await happens(found)).toBe(true)
        for (const item of found) {
          const others = found.filter((each) => each !== item)
          if (others.length > 0) expect(await happens(others)).toBe(false)
        }
      }),
    )
  })

  test('is given up where it has more items than are told apart, and is still a set with which it happens', async () => {
    const happens = async (chosen: readonly number[]) =>
      items(100).every((item) => item % 2 === 0 || chosen.includes(item))
    const { items: found, isMinimal } = await minimalSet(items(100), happens, 5)
    expect(isMinimal).toBe(false)
    expect(await happens(found)).toBe(true)
    expect((await minimalSet(items(100), happens, 50)).isMinimal).toBe(true)
  })

  test('of one item takes no more questions than its logarithm, and one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5000 }), fc.nat(), async (count, number) => {
        let asked = 0
        const culprit = number % count
        const { items: found } = await minimalSet(items(count), async (chosen) => {
          asked++
          return chosen.includes(culprit)
        })
        expect(found).toEqual([culprit])
        expect(asked).toBeLessThanOrEqual(Math.ceil(Math.log2(count)) + 1)
      }),
    )
  })
})
