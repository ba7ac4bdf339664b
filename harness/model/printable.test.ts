import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { printable, printableLine } from './printable.ts'

describe('printable', () => {
  test('leaves plain text, in any script, as it is', () => {
    expect(printable('pull 3 layers\n\tdone: größer, 完成, 🙂')).toBe('pull 3 layers\n\tdone: größer, 完成, 🙂')
  })

  test.each([
    ['a colour sequence', '\u001b[31mred', '\\x1b[31mred'],
    ['a carriage return that overwrites the line', 'FAIL\rok', 'FAIL\\x0dok'],
    ['an 8-bit control sequence', '\u009b2J', '\\x9b2J'],
    ['a right-to-left override', 'gpj\u202eexe', 'gpj\\u{202e}exe'],
    ['a hidden tag character', 'a\u{e0041}', 'a\\u{e0041}'],
    ['a letter that is nothing to see', 'podman\u3164', 'podman\\u{3164}'],
    ['half a surrogate pair', 'a\ud800', 'a\ufffd'],
  ])('shows %s instead of obeying it', (_, foreign, shown) => {
    expect(printable(foreign)).toBe(shown)
  })

  test('on a single line nothing can begin another', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printableLine(text)).toMatch(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u)
      }),
    )
  })
})
