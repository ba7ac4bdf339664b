import { expect, test } from 'vitest'
import { WaiverBook } from '../../profile/waivers.ts'
import { sampleResult } from '../../report/sample-report.ts'
import { SoFar } from './so-far.ts'

const failed = sampleResult({ id: 'RUN-001', status: 'fail', severity: 'error', findings: [{ message: 'No.' }] })
const unwaived = { waiverBook: new WaiverBook([]) }

test('counts what is known already, and what comes', () => {
  const soFar = new SoFar([{ requirements: [sampleResult()] }, { requirements: [sampleResult()] }], 3)
  expect(soFar.text).toBe('so far: conforms, 2 of 5')
  soFar.add(unwaived, sampleResult({ status: 'skip' }))
  expect(soFar.text).toBe('so far: conforms, 3 of 5')
})

test('advice fails no image, an error does, whenever it was found', () => {
  const soFar = new SoFar([{ requirements: [sampleResult({ status: 'fail', severity: 'warning' })] }], 3)
  expect(soFar.text).toBe('so far: conforms, 1 of 4')
  soFar.add(unwaived, failed)
  soFar.add(unwaived, sampleResult())
  expect(soFar.text).toBe('so far: does not conform (1 failed), 3 of 4')
  expect(new SoFar([{ requirements: [failed] }], 3).text).toBe('so far: does not conform (1 failed), 1 of 4')
})

test('a requirement that broke leaves no verdict', () => {
  const soFar = new SoFar([{ requirements: [failed] }], 1)
  soFar.add(unwaived, sampleResult({ status: 'error' }))
  expect(soFar.text).toBe('so far: no verdict (1 not answered), 2 of 2')
})

test('what is waived fails nothing, and the waiver is not used by looking', () => {
  const waiver = { id: 'RUN-001', path: '**', reason: 'Agreed.', expires: '2999-01-01', owner: 'us' }
  const waiverBook = new WaiverBook([waiver])
  const soFar = new SoFar([], 1)
  soFar.add({ waiverBook }, failed)
  expect(soFar.text).toBe('so far: conforms, 1 of 1')
  const [, use] = waiverBook.review(new Set(['RUN-001']))
  expect(use?.status).toBe('fail')
})

test('of a shard nobody knows how many results come', () => {
  expect(new SoFar([{ requirements: [sampleResult()] }], undefined).text).toBe('so far: conforms, 1 are in')
})
