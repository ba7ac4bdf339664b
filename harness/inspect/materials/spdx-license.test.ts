import fc from 'fast-check'
import { expect, test } from 'vitest'
import { spdxExpression } from './spdx-license.ts'

test.each([
  ['MIT', 'MIT'],
  ['mit', 'MIT'],
  ['GPL-2.0-only & MIT', 'GPL-2.0-only AND MIT'],
  ['(GPL-2.0-or-later | LGPL-3.0-or-later) & MIT', '(GPL-2.0-or-later OR LGPL-3.0-or-later) AND MIT'],
  ['Apache-2.0 AND (MIT OR BSD-3-Clause)', 'Apache-2.0 AND (MIT OR BSD-3-Clause)'],
  ['GPL-2.0+', 'GPL-2.0+'],
  ['Apache-2.0+', 'Apache-2.0+'],
])('%s is the expression %s', (stated, expression) => {
  expect(spdxExpression(stated)).toBe(expression)
})

test.each([
  'GPLv2',
  'GPL-2.0-only & bzip2-1.0.4',
  'MIT &',
  '& MIT',
  'MIT MIT',
  '(MIT',
  'MIT)',
  '()',
  '',
  'MIT constructor MIT',
  '__proto__',
  ')(',
])('"%s" is none', (stated) => {
  expect(spdxExpression(stated)).toBeUndefined()
})

test('what comes out is an expression itself', () => {
  const word = fc.constantFrom('MIT', 'isc', 'GPL-2.0+', '&', '|', 'AND', 'or', '(', ')', 'Other', ' ')
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), (words) => {
      const expression = spdxExpression(words.join(' '))
      if (expression !== undefined) expect(spdxExpression(expression)).toBe(expression)
    }),
  )
})
