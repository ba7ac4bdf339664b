import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { noncesOf } from './nonces.ts'

const seeds = fc.nat(0xffffffff)

describe('values of a run', () => {
  test('are given again by the same seed', () => {
    fc.assert(
      fc.property(seeds, fc.string(), (seed, label) => {
        const [one, other] = [noncesOf(seed), noncesOf(seed)]
        expect([one.word(label), one.code(label)]).toEqual([other.word(label), other.code(label)])
      }),
    )
  })

  test('differ by seed and by label', () => {
    const words = [0, 1, 2, 3].flatMap((seed) => ['a', 'b', 'c'].map((label) => noncesOf(seed).word(label)))
    expect(new Set(words).size).toBe(words.length)
  })

  test('are words to every shell, and codes that no shell gives by itself', () => {
    fc.assert(
      fc.property(seeds, fc.string(), fc.integer({ min: 1, max: 16 }), (seed, label, length) => {
        expect(noncesOf(seed).word(label, length)).toMatch(new RegExp(`^[a-z]{${length}}$`))
        const code = noncesOf(seed).code(label)
        expect(code).toBeGreaterThanOrEqual(3)
        expect(code).toBeLessThan(100)
      }),
    )
  })
})
