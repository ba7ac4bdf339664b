import { expect, test } from 'vitest'
import type { ArchitectureName } from '../../model/architecture.ts'
import { TimeLeft } from './time-left.ts'

const minuteMs = 60_000
const rowsOf = (arch: ArchitectureName) =>
  ['RUN-001', 'RUN-002', 'RUN-003', 'RUN-004', 'RUN-005'].map((id) => ({ arch, id }))
const rows = rowsOf('x86_64')
const history = (minutes: number, ...unknown: string[]) => ({
  expectedMs: (_: string, id: string) => (unknown.includes(id) ? undefined : minutes * minuteMs),
})

test('what is left is what earlier runs took, shared by the jobs of this one', () => {
  const both = new TimeLeft(history(4), [...rows, ...rowsOf('aarch64')], 2, () => 0)
  expect(both.text).toBe('about 20 min left')
  expect(new TimeLeft(history(4), rows, 1, () => 0).text).toBe('about 20 min left')
})

test('the pace of this run counts as soon as a part of it is done', () => {
  let nowMs = 0
  const left = new TimeLeft(history(4), rows, 1, () => nowMs)
  nowMs = 8 * minuteMs
  left.answered('x86_64', 'RUN-001')
  expect(left.text).toBe('about 32 min left')
})

test('an answer counts once, and behind the last one nothing is left', () => {
  const left = new TimeLeft(history(4), rows, 1, () => 0)
  const [first, ...others] = rows
  left.answered('x86_64', 'RUN-001')
  left.answered('x86_64', first?.id ?? '')
  left.answered('aarch64', 'RUN-002')
  expect(new TimeLeft(history(4), others, 1, () => 0).text).toBe('about 16 min left')
  for (const { id } of others) left.answered('x86_64', id)
  expect(left.text).toBeUndefined()
})

test('where more than one in five has never been run here, nobody guesses', () => {
  expect(new TimeLeft(history(4, 'RUN-001'), rows, 1, () => 0).text).toBe('about 16 min left')
  expect(new TimeLeft(history(4, 'RUN-001', 'RUN-002'), rows, 1, () => 0).text).toBeUndefined()
})
