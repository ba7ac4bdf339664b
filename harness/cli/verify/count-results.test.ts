import { expect, test } from 'vitest'
import { statusNames } from '../../model/status.ts'
import { sampleResult } from '../../report/sample-report.ts'
import { countResults } from './count-results.ts'

test('results are counted by how they came out; what did not occur is left out', () => {
  const each = statusNames.map((status) => sampleResult({ status }))
  expect(countResults(each)).toBe('1 passed, 1 failed, 1 errored, 1 blocked, 1 skipped, 1 waived, 1 not applicable')
  expect(countResults([sampleResult(), sampleResult(), sampleResult({ status: 'not-applicable' })])).toBe(
    '2 passed, 1 not applicable',
  )
})
