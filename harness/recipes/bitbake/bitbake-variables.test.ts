import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bitbakeVariables } from './bitbake-variables.ts'

/** As bitbake prints it (bitbake, lib/bb/data.py, emit_var): quotes escaped, line breaks behind a backslash. */
const printed = (name: string, value: string) =>
  `#\n# $${name}\n#   set /conf/bitbake.conf:1\n#     "${value.replaceAll('\n', '\\n')}"\n${name}="${value.replaceAll('"', '\\"').replaceAll('\n', '\\\n')}"\n`

test('values are read among all others, and what is not set is missing', () => {
  const text = printed('DEPLOY_DIR', '/a') + printed('DEPLOY_DIR_IMAGE', '/a/b c') + printed('X', 'say "hi" \\ now')
  expect(bitbakeVariables(text, ['DEPLOY_DIR_IMAGE', 'IMAGE_LINK_NAME', 'X'])).toEqual({
    DEPLOY_DIR_IMAGE: '/a/b c',
    X: 'say "hi" \\ now',
  })
})

test('a value that looks like a variable is none', () => {
  const value = fc.string().map((text) => text.replaceAll(/[\\\r\n]/g, ' '))
  fc.assert(
    fc.property(value, value, (one, other) => {
      const text = printed('A', one) + printed('B', `A="${other}"`)
      expect(bitbakeVariables(text, ['A'])).toEqual({ A: one })
    }),
  )
})
