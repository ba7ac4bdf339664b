import { expect, test } from 'vitest'
import { WaiverBook } from '../../profile/waivers.ts'
import { sampleResult } from '../../report/sample-report.ts'
import { FailFast } from './fail-fast.ts'

const image = { label: 'x86_64', waiverBook: new WaiverBook([]) }
const failed = (id: string, severity: 'blocker' | 'error' | 'warning' = 'error') =>
  sampleResult({ id, status: 'fail', severity, findings: [{ message: 'No.' }] })

test('the first error or blocker ends the run, and later ones do not change the reason', () => {
  const failFast = new FailFast(true)
  failFast.see(image, [sampleResult(), failed('RUN-002', 'blocker')])
  failFast.see(image, [failed('RUN-003')])
  expect(failFast.reason).toBe('Not run: --fail-fast ended the run at RUN-002 (x86_64).')
})

test('advice, and what is no failure of the image, end nothing', () => {
  const failFast = new FailFast(true)
  failFast.see(image, [
    failed('RUN-001', 'warning'),
    sampleResult({ status: 'error' }),
    sampleResult({ status: 'skip' }),
  ])
  expect(failFast.reason).toBeUndefined()
})

test('a waived failure ends nothing, and its waiver is not used by looking', () => {
  const waiver = { id: 'RUN-001', path: '**', reason: 'Agreed.', expires: '2999-01-01', owner: 'us' }
  const waiverBook = new WaiverBook([waiver])
  const failFast = new FailFast(true)
  failFast.see({ label: 'x86_64', waiverBook }, [failed('RUN-001')])
  expect(failFast.reason).toBeUndefined()
  expect(waiverBook.review(new Set(['RUN-001']))[1]?.status).toBe('fail')
})

test('a run that was not asked to goes on', () => {
  const failFast = new FailFast(false)
  failFast.see(image, [failed('RUN-001', 'blocker')])
  expect(failFast.reason).toBeUndefined()
})
