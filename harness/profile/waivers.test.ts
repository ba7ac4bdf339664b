import { expect, test } from 'vitest'
import type { RequirementResult } from '../model/result.ts'
import { WaiverBook } from './waivers.ts'

const failed: RequirementResult = {
  id: 'FS-004',
  suite: 'static',
  title: 'Links',
  severity: 'error',
  status: 'fail',
  durationMs: 0,
  findings: [{ message: 'It leads nowhere.', path: '/usr/bin/vi' }],
}
const waiver = { id: 'FS-004', path: '/usr/**', reason: 'wanted', expires: '2026-12-31', owner: 'us' }
const bookOn = (day: string, path = waiver.path) => new WaiverBook([{ ...waiver, path }], new Date(day))

test('a waiver covers its requirement up to its last day, and not after it', () => {
  expect(bookOn('2026-12-31').apply([failed])[0]?.status).toBe('waived')
  expect(bookOn('2027-01-01').apply([failed])[0]?.status).toBe('fail')
})

test('an expired waiver and one that matches nothing are reported', () => {
  const expired = bookOn('2027-01-01')
  expired.apply([failed])
  expect(expired.review(new Set(['FS-004'])).map(({ status }) => status)).toEqual(['fail', 'pass'])
  const unused = bookOn('2026-12-31', '/opt/*')
  expect(unused.apply([failed])[0]?.status).toBe('fail')
  expect(unused.review(new Set(['FS-004'])).map(({ status }) => status)).toEqual(['pass', 'fail'])
})

test('a waived failure leaves blocked what it blocks, and a waiver of a blocked requirement is not called useless', () => {
  const blocked: RequirementResult = { ...failed, id: 'FS-005', status: 'blocked', blockedBy: 'FS-004' }
  const book = new WaiverBook([waiver, { ...waiver, id: 'FS-005' }], new Date('2026-12-31'))
  expect(book.apply([failed, blocked]).map(({ status }) => status)).toEqual(['waived', 'blocked'])
  expect(book.review(new Set(['FS-004', 'FS-005'])).map(({ status }) => status)).toEqual(['pass', 'pass'])
})
