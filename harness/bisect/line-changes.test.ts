import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { changesIn, lineScript, textWith } from './line-changes.ts'

/** Few different lines, so that texts have many in common; the last one may lack its end. */
const texts = fc
  .tuple(fc.array(fc.constantFrom('a\n', 'b\n', 'c\n', '\n', 'd e\n')), fc.constantFrom('', 'end'))
  .map(([lines, end]) => lines.join('') + end)

const scriptOf = (before: string, after: string) => {
  const script = lineScript(before, after)
  if (script === undefined) throw new Error('These texts are short.')
  return script
}

describe('the changes between two texts', () => {
  test('none of them are the one text, all of them the other', () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const script = scriptOf(before, after)
        expect(textWith(script, new Set())).toBe(before)
        expect(textWith(script, new Set(changesIn(script).keys()))).toBe(after)
      }),
    )
  })

  test('are single lines, each of which can be made alone', () => {
    const script = scriptOf('a=1\nb=2\nc=3\n', 'a=1\nb=0\nc=4\nd=5\n')
    expect(changesIn(scriptOf('a=1\nb=2\nc=3\n', 'a=1\nb=0\nc=4\n'))).toEqual([
      { removed: 'b=2\n', added: 'b=0\n' },
      { removed: 'c=3\n', added: 'c=4\n' },
    ])
    expect(textWith(script, new Set([4]))).toBe('a=1\nb=2\nc=3\nd=5\n')
  })

  test('of texts that are long and all different are not looked for', () => {
    const text = (word: string) => Array.from({ length: 3000 }, (_, index) => `${word} ${index}\n`).join('')
    expect(lineScript(text('x'), text('y'))).toBeUndefined()
    expect(lineScript(text('x'), `${text('x')}end\n`)).toHaveLength(3001)
  })
})
