import fc from 'fast-check'
import { expect, test } from 'vitest'
import { html } from './markup.ts'

test('no text can leave its place in a page', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
      expect(html`${text}`.text).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/)
      expect(html`${text}`.text).not.toMatch(/(?![\t\n])[\p{Cc}\p{Cf}]/u)
    }),
  )
})

test('markup within markup stays markup; lists are joined; what is undefined is nothing', () => {
  const items = ['a<b', 'c'].map((text) => html`<li>${text}</li>`)
  expect(html`<ul>${items}${undefined}</ul>${3}`.text).toBe('<ul><li>a&lt;b</li><li>c</li></ul>3')
})
