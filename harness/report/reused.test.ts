import { expect, test } from 'vitest'
import { reusedText } from './reused.ts'
import { sampleImage, sampleResult } from './sample-report.ts'

const reused = (id: string, reusedFrom: string) => sampleResult({ id, suite: 'boot', reusedFrom })

test('what was reused is counted against what guests were asked, with the first and the last time', () => {
  const requirements = [
    sampleResult(),
    reused('DMN-001', '2026-11-28T08:10:59.000Z'),
    reused('DMN-002', '2026-11-27T21:03:00.000Z'),
    sampleResult({ id: 'DMN-003', suite: 'boot', status: 'fail' }),
    sampleResult({ id: 'DMN-004', suite: 'boot', status: 'not-applicable' }),
  ]
  expect(reusedText({ images: [sampleImage({ requirements })] })).toBe(
    'Reused: 2 of 3 results of guests, found 2026-11-27 21:03 to 2026-11-28 08:10 UTC; --fresh asks again.',
  )
})

test('one time is told once, and nothing is told of a run that asked all itself', () => {
  const requirements = [reused('DMN-001', '2026-11-28T08:10:59.000Z')]
  expect(reusedText({ images: [sampleImage({ requirements })] })).toContain('found 2026-11-28 08:10 UTC;')
  expect(reusedText({ images: [sampleImage({ requirements: [sampleResult()] })] })).toBeUndefined()
})
