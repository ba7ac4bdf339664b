import { expect, test } from 'vitest'
import type { Requirement } from '../../model/requirement.ts'
import { WaiverBook } from '../../profile/waivers.ts'
import { sampleResult } from '../../report/sample-report.ts'
import type { JudgedImage } from './image-states.ts'
import { KnownResults } from './known-results.ts'

const asked = ['RUN-001', 'RUN-002', 'RUN-003'].map((id) => ({ id, suite: 'podman', title: id, severity: 'error' }))
const imageOf = (waivers: ConstructorParameters<typeof WaiverBook>[0] = []) =>
  ({ image: {}, requirements: [sampleResult()], waiverBook: new WaiverBook(waivers) }) as unknown as JudgedImage
const known = (results: KnownResults) =>
  results
    .images(() => asked as unknown as Requirement[], 'Not run: x.')
    .map(({ requirements }) => requirements.map(({ id, status }) => `${id} ${status}`))
const failed = (id: string) => sampleResult({ id, status: 'fail', severity: 'error', findings: [{ message: 'No.' }] })

test('each image has what the last stage left, what came since in the order of the tables, and the rest not run', () => {
  const results = new KnownResults()
  const [first, second] = [imageOf(), imageOf()]
  results.settle([first, second])
  results.add(first, sampleResult({ id: 'RUN-003' }))
  results.add(first, sampleResult({ id: 'RUN-001' }))
  expect(known(results)).toEqual([
    ['BIN-001 pass', 'RUN-001 pass', 'RUN-002 skip', 'RUN-003 pass'],
    ['BIN-001 pass', 'RUN-001 skip', 'RUN-002 skip', 'RUN-003 skip'],
  ])
})

test('what one fault failed is one failure', () => {
  const results = new KnownResults()
  const image = imageOf()
  results.settle([image])
  for (const id of ['RUN-002', 'RUN-001'])
    results.add(image, { ...failed(id), sharedFault: { key: 'k', signature: 's' } })
  expect(known(results)).toEqual([['BIN-001 pass', 'RUN-001 fail', 'RUN-002 blocked', 'RUN-003 skip']])
})

test('waivers hold, and are not thereby used', () => {
  const waiver = { id: 'RUN-001', path: '**', reason: 'Agreed.', expires: '2999-01-01', owner: 'us' }
  const results = new KnownResults()
  const image = imageOf([waiver])
  results.settle([image])
  results.add(image, failed('RUN-001'))
  expect(known(results)).toEqual([['BIN-001 pass', 'RUN-001 waived', 'RUN-002 skip', 'RUN-003 skip']])
  expect(image.waiverBook.review(new Set(['RUN-001']))[1]?.status).toBe('fail')
})

test('a stage that has ended has told all that came since', () => {
  const results = new KnownResults()
  const image = imageOf()
  results.settle([image])
  results.add(image, failed('RUN-001'))
  results.settle([{ ...image, requirements: [sampleResult({ id: 'RUN-001' })] }])
  expect(known(results)).toEqual([['RUN-001 pass', 'RUN-002 skip', 'RUN-003 skip']])
})
