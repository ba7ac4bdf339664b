import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LineReader } from './line-reader.ts'

function read(chunks: readonly Buffer[], maxLineBytes = 1000): [string, boolean][] {
  const lines: [string, boolean][] = []
  const reader = new LineReader(maxLineBytes, (line, isAtEnd) => lines.push([line.toString('latin1'), isAtEnd]))
  for (const chunk of chunks) reader.take(chunk)
  reader.end()
  return lines
}

const cut = (bytes: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size))

test('lines are the same however the bytes arrive, and no byte is lost by cutting long ones', () => {
  const bytes = fc.array(fc.constantFrom(10, 65, 66, 0, 255), { maxLength: 300 }).map((list) => Buffer.from(list))
  fc.assert(
    fc.property(bytes, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 20 }), (all, size, maxLineBytes) => {
      const lines = read(cut(all, size), maxLineBytes)
      expect(lines).toEqual(read([all], maxLineBytes))
      expect(Math.max(0, ...lines.map(([text]) => text.length))).toBeLessThanOrEqual(maxLineBytes)
      const joined = lines.map(([text, isAtEnd]) => (isAtEnd ? `${text}\n` : text)).join('')
      const ended = all.length === 0 || all.at(-1) === 10 ? all : Buffer.concat([all, Buffer.from('\n')])
      expect(joined).toBe(ended.toString('latin1'))
    }),
  )
})

test('a long line that comes byte by byte takes no more memory than its bytes', () => {
  const reader = new LineReader(61024 * 1024, () => {})
  const byte = Buffer.from('x')
  const before = process.memoryUsage.rss()
  for (let count = 0; count < 1024 * 1024; count++) reader.take(byte)
  expect(reader.unfinished.length).toBe(1024 * 1024)
  expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 1024 * 1024)
})
