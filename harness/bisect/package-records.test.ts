import { expect, test } from 'vitest'
import { recordsApart, recordsWith } from './package-records.ts'

const record = (name: string, version: string) => `Package: ${name}\nVersion: ${version}\n`
const before = [record('a', '1'), record('b', '1'), record('c', '1')].join('\n')
const after = [record('a', '2'), record('c', '1'), record('d', '1')].join('\n')

test('records that differ are those of packages that changed, came or went', () => {
  expect(recordsApart(before, after).toSorted()).toEqual(['a', 'b', 'd'])
})

test('each package has the record of the one database or the other', () => {
  expect(recordsWith(before, after, new Set())).toBe(before)
  expect(recordsWith(before, after, new Set(['a', 'b', 'd']))).toBe(after)
  expect(recordsWith(before, after, new Set(['d', 'b']))).toBe(
    [record('a', '1'), record('c', '1'), record('d', '1')].join('\n'),
  )
})

test('a package may be there for two architectures', () => {
  const both = [record('a', '1'), record('a', '1:arm64')].join('\n')
  expect(recordsWith(both, after, new Set(['d']))).toBe([both, record('d', '1')].join('\n'))
})
