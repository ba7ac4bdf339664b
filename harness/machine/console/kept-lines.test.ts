import { expect, test } from 'vitest'
import { KeptLines } from './kept-lines.ts'

test('twenty million empty lines take no more memory than is allowed for', () => {
  const kept = new KeptLines()
  const before = process.memoryUsage.rss()
  for (let atMs = 0; atMs < 20_000_000; atMs++) kept.add({ text: '', atMs: atMs + 0.5 })
  expect(process.memoryUsage.rss() - before).toBeLessThan(800 * 1024 * 1024)
  const lines = kept.all()
  expect(lines.length).toBeLessThan(1_600_000)
  expect(lines.at(-1)?.atMs).toBe(19_999_999.5)
})

test('a console that fits is kept whole, in order', () => {
  const kept = new KeptLines({ headBytes: 300, tailBytes: 300, markedBytes: 100 })
  for (const text of ['a', 'b', 'c', 'd']) kept.add({ text, atMs: 0 })
  expect(kept.all().map(({ text }) => text)).toEqual(['a', 'b', 'c', 'd'])
})

test('one line that is longer than the end may be is left out too', () => {
  const kept = new KeptLines({ headBytes: 200, tailBytes: 200, markedBytes: 100 })
  for (const text of ['a', 'x'.repeat(1000), 'b']) kept.add({ text, atMs: 0 })
  expect(kept.all().map(({ text }) => text)).toEqual(['a', expect.stringMatching(/^\[1 lines/), 'b'])
})
