import { expect, test } from 'vitest'
import { requirementsOf } from '../../../suites/requirements.ts'
import { ModuleTexts } from './module-closure.ts'
import { fileOf, suiteFiles, textBehind } from './suite-files.ts'

const texts = new ModuleTexts()
const files = suiteFiles(texts)

test('every requirement of the guest suites is answered by one file', () => {
  const wrong = requirementsOf(['boot', 'podman'], false).filter(
    ({ id }) =>
      files.filter(({ definitions }) => definitions.some(({ id: first, last }) => first <= id && id <= last)).length !==
      1,
  )
  expect(wrong.map(({ id }) => id)).toEqual([])
  expect(fileOf('FLT-011', files).path).toBe('suites/podman/faults-line.test.ts')
})

test('an ID that no file defines is an error of the program', () => {
  expect(() => fileOf('ZZZ-001', files)).toThrow('No file of tests defines ZZZ-001.')
})

const file = `const shared = 1

requirement('AAA-001', bound, async () => {
  first({
    a,
  })
})

for (const { id } of [{ id: 'AAA-003' }]) requirement(id, bound, loop)

requirement('AAA-002', bound, async () => {
  second()
})
`

test('a test that stands by itself depends on its own lines and on what all share', () => {
  const behind = textBehind('AAA-002', file)
  expect(behind).toContain('second()')
  expect(behind).toContain('const shared')
  expect(behind).not.toContain('first(')
})

test('a test of a table depends on all of its file', () => {
  expect(textBehind('AAA-003', file)).toBe(file)
})
