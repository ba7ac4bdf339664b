import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { requirementsOf } from '../../suites/requirements.ts'
import { byEarlyAnswer, fileOf, namedRequirements, type RankedFile } from './file-order.ts'

const suites = join(import.meta.dirname, '../../suites')
const file = (name: string, fields: Partial<RankedFile> = {}): RankedFile => ({
  ...{ file: name, failed: false, isQuick: false, hasBlockers: false, expectedMs: 0 },
  ...fields,
})
const namesInOrder = (files: readonly RankedFile[]) => files.toSorted(byEarlyAnswer).map((ranked) => ranked.file)

test('what failed before is asked first, then the representative slice, blockers and the rest', () => {
  const files = [
    file('rest'),
    file('blockers', { hasBlockers: true }),
    file('quick', { isQuick: true }),
    file('quick blockers', { isQuick: true, hasBlockers: true, expectedMs: 1 }),
    file('failed', { failed: true }),
  ]
  expect(namesInOrder(files)).toEqual(['failed', 'quick blockers', 'quick', 'blockers', 'rest'])
})

test('of what is asked first the shortest comes first, of the rest the longest', () => {
  const files = [3, 1, 2].flatMap((expectedMs) => [
    file(`quick ${expectedMs}`, { isQuick: true, expectedMs }),
    file(`rest ${expectedMs}`, { expectedMs }),
  ])
  expect(namesInOrder(files)).toEqual(['quick 1', 'quick 2', 'quick 3', 'rest 3', 'rest 2', 'rest 1'])
})

test('the order is the same whatever the files were found in', () => {
  const ranked = fc.record({
    file: fc.string(),
    failed: fc.boolean(),
    isQuick: fc.boolean(),
    hasBlockers: fc.boolean(),
    expectedMs: fc.nat(3),
  })
  const files = fc.uniqueArray(ranked, { selector: ({ file }) => file })
  fc.assert(
    fc.property(files, (found) => {
      expect(namesInOrder(found.toReversed())).toEqual(namesInOrder(found))
    }),
  )
})

test('the test files of the suites name every requirement of the representative slice and every blocker, each once', () => {
  const paths = globSync('{boot,podman}/*.test.ts', { cwd: suites })
  const named = paths.flatMap((path) => namedRequirements(readFileSync(join(suites, path), 'utf8')))
  const first = requirementsOf(['boot', 'podman'], false).filter((row) => row.quick || row.severity === 'blocker')
  for (const { id } of first) expect(named.filter((name) => name === id)).toEqual([id])
  expect(first.length).toBeGreaterThan(10)
})

test('a file is known by its suite and name, as source or compiled', () => {
  expect(fileOf('/x/suites/boot/one-shot.test.ts')).toBe('boot/one-shot')
  expect(fileOf('/y/dist/suites/podman/pull.test.js')).toBe('podman/pull')
})
