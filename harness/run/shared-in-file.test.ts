import { describe, expect, test } from 'vitest'
import { sharedInFile, sharedUntilFailure } from './shared-in-file.ts'

let ended = 0
let made = 0
const shared = sharedUntilFailure(async (lifetime) => {
  lifetime.defer(async () => {
    ended++
  })
  return ++made
})

describe('what is shared until a test fails', () => {
  test('is made by the first test', async () => expect(await shared()).toBe(1))
  test.fails('is used again by the next, which fails here', async () => expect(await shared()).toBe('another'))
  test('is ended by a failure, and made anew', async () => expect([await shared(), ended]).toEqual([2, 1]))
})

test('what is shared in a file is made once, though two tests ask at once', async () => {
  let count = 0
  const once = sharedInFile(async () => ++count)
  expect(await Promise.all([once(), once()])).toEqual([1, 1])
})
