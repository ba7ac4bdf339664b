import { mkdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { systemErrorText } from './system-error.ts'

function errorOf(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  throw new Error('It was not refused.')
}

test('a refusal of the system names what, why and the remedy', () => {
  expect(systemErrorText(errorOf(() => mkdirSync('/sys/folder')))).toMatch(
    /^\/sys\/folder: .+: (?:change its permissions, or )?choose another place \(mkdir: E\w+\)\.$/,
  )
})

test.each([
  ['a mistake of our own', new TypeError('x is not a function')],
  ['a file that we expected and that is not there', errorOf(() => mkdirSync('/nowhere/folder'))],
  ['no error at all', 'text'],
])('%s is none', (_, error) => expect(systemErrorText(error)).toBeUndefined())
