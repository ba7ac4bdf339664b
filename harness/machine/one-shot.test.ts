import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readAnswer } from './one-shot.ts'

test('any output without markers comes back line by line', () => {
  const outputLine = fc.string().filter((text) => !text.includes('==='))
  fc.assert(
    fc.property(fc.array(outputLine, { minLength: 1 }), fc.integer({ min: 0, max: 255 }), (output, code) => {
      const lines = ['boot', '===OUTPUT_START===', ...output, '===OUTPUT_END===', `===EXIT_CODE=${code}===`]
      expect(readAnswer(lines)).toEqual({ output: output.join('\n'), exitCode: code })
    }),
  )
})

test('a command without output is not the same as a missing section', () => {
  expect(readAnswer(['===OUTPUT_START===', '===OUTPUT_END==='])).toEqual({ output: '' })
  expect(readAnswer(['===OUTPUT_START===', 'half'])).toEqual({})
})

test('tar and storage are decoded from base64 over several lines', () => {
  const lines = ['===TAR_START===', 'aGVs', 'bG8=', '===TAR_END===', '===EXIT_CODE=0===']
  expect(readAnswer(lines)).toEqual({ tar: Buffer.from('hello'), exitCode: 0 })
})

test('an error carries its sentence', () => {
  expect(readAnswer(['===ERROR===', 'No command was given.'])).toEqual({ error: 'No command was given.' })
})

test('markers inside of other text are no markers', () => {
  expect(readAnswer(['echo ===EXIT_CODE=3===', '# ===ERROR==='])).toEqual({})
})
