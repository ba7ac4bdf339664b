import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { editDistance, nearest } from './nearest.ts'

const words = fc.string({ maxLength: 12 })

describe('editDistance', () => {
  test.each([
    ['', '', 0],
    ['kitten', 'sitting', 3],
    ['podman', 'podmna', 2],
    ['', 'abc', 3],
  ])('%j to %j takes %d edits', (from, to, edits) => expect(editDistance(from, to)).toBe(edits))

  test('is a distance: zero only for equal words, the same both ways, never longer by a detour', () => {
    fc.assert(
      fc.property(words, words, words, (a, b, c) => {
        expect(editDistance(a, b) === 0).toBe(a === b)
        expect(editDistance(a, b)).toBe(editDistance(b, a))
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c))
      }),
    )
  })
})

describe('nearest', () => {
  const options = ['--arch', '--accel', '--suite', '--keep-going']

  test.each([
    ['--arhc', '--arch'],
    ['--keepgoing', '--keep-going'],
    ['--SUITE', '--suite'],
  ])('%s most likely means %s', (word, meant) => expect(nearest(word, options)).toBe(meant))

  test('nothing is suggested for a word that is like none', () => {
    expect(nearest('--frobnicate', options)).toBeUndefined()
    expect(nearest('-'.repeat(5000), options)).toBeUndefined()
  })
})
