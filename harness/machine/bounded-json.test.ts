import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseBounded } from './bounded-json.ts'

const wide = { depth: 100, values: 10_000 }
const parse = (text: string, bounds = wide) => parseBounded(Buffer.from(text), bounds)

test('what is within the bounds is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parse(text)).toEqual(JSON.parse(text))
    }),
  )
})

test('brackets and quotation marks in strings do not count', () => {
  const value = { 'a[{"\\': ['[[[[', '\\"[[[', '\\\\', '{,,,,,'] }
  expect(parse(JSON.stringify(value), { depth: 2, values: 10 })).toEqual(value)
})

test('nesting and number are bounded, each at its limit', () => {
  expect(parse('[[[]]]', { depth: 3, values: 10 })).toEqual([[[]]])
  expect(parse('[[[]]]', { depth: 2, values: 10 })).toBeUndefined()
  expect(parse('[{},{}]', { depth: 2, values: 4 })).toEqual([{}, {}])
  expect(parse('[{},{}]', { depth: 2, values: 3 })).toBeUndefined()
})

test('what is no JSON is undefined, whatever it is', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void parseBounded(Buffer.from(bytes), wide)))
  for (const text of ['', '{', '"', '"\\', '[1,]', 'nul', ']]]]']) expect(parse(text)).toBeUndefined()
})

test.each([
  ['open brackets', Buffer.alloc(60_000_000, '[')],
  ['empty objects', Buffer.from(`[${'{},'.repeat(20_000_000)}0]`)],
  ['strings', Buffer.alloc(60_000_000, '""')],
  ['members', Buffer.alloc(60_000_000, '"":0,')],
])('60 MB of %s take neither memory nor time', (_, bytes) => {
  const [startedMs, before] = [performance.now(), process.memoryUsage.rss()]
  expect(parseBounded(bytes, wide)).toBeUndefined()
  expect(performance.now() - startedMs).toBeLessThan(5000)
  expect(process.memoryUsage.rss() - before).toBeLessThan(100_000_000)
})

test('a string of 60 MB is read', () => {
  expect((parse(`{"a":"${'x'.repeat(60_000_000)}"}`) as { a: string }).a.length).toBe(60_000_000)
})

test('backslashes without end take time in proportion', () => {
  const startedMs = performance.now()
  expect(parse(`"${'\\"'.repeat(1_000_000)}`)).toBeUndefined()
  expect(parse(`"${'\\'.repeat(1_000_001)}"${'"'.repeat(1000)}`)).toBeUndefined()
  expect(performance.now() - startedMs).toBeLessThan(10_000)
})
