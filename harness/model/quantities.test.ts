import { expect, test } from 'vitest'
import { formatBytes, formatDuration, median } from './quantities.ts'

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [999.9, '1.0 s'],
  [59_940, '59.9 s'],
  [59_990, '1 min 0 s'],
  [252_000, '4 min 12 s'],
])('%d ms reads %s', (durationMs, text) => expect(formatDuration(durationMs)).toBe(text))

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [58_000_000, '58.0 MB'],
  [5e15, '5000.0 TB'],
])('%d bytes read %s', (sizeBytes, text) => expect(formatBytes(sizeBytes)).toBe(text))

test.each([
  [[], undefined],
  [[3], 3],
  [[9, 1, 2], 2],
  [[10, 1, 2, 9], 5.5],
])('the median of %j is %s', (samples, middle) => {
  const given = [...samples]
  expect(median(samples)).toBe(middle)
  expect(samples).toEqual(given)
})
