import { expect, test } from 'vitest'
import type { RequirementResult } from '../../model/result.ts'
import { failFastReason, unfinishedReason } from '../not-run.ts'
import { sampleImage, sampleReport, sampleResult } from '../sample-report.ts'
import type { Report } from '../schema.ts'
import { verdictSection } from './verdict-section.ts'

const sentence = (verdict: Report['verdict'], ...requirements: RequirementResult[]) =>
  /<p class="sentence">(.*?)<\/p>/.exec(
    verdictSection(sampleReport({ verdict, images: [sampleImage({ requirements })] })).text,
  )?.[1]

test('the sentence says why there is no verdict', () => {
  const silent = 'so this run says nothing about the image.'
  expect(sentence('error', sampleResult({ status: 'error' }))).toBe(`1 check broke, ${silent}`)
  expect(sentence('error', sampleResult({ status: 'skip' }))).toBe(`Nothing was looked at, ${silent}`)
})

test('the sentence counts neither what is blocked nor what does not apply as met or as failed', () => {
  const results = [
    sampleResult({ status: 'waived' }),
    sampleResult({ status: 'blocked', blockedBy: 'BIN-001' }),
    sampleResult({ status: 'not-applicable' }),
    sampleResult({ status: 'not-applicable' }),
  ]
  expect(sentence('conforms', ...results)).toBe(
    'No problem found in 4 requirements of 1 image. 1 could not be asked because of a failure. 2 do not apply.',
  )
})

test('the sentence says that a failure ended the run before all was asked', () => {
  const findings = [{ message: failFastReason('RUN-001', 'vpdmn') }]
  const notRun = sampleResult({ suite: 'podman', id: 'RUN-002', status: 'skip', findings })
  expect(sentence('does-not-conform', sampleResult({ status: 'fail' }), notRun)).toBe(
    '1 of 2 requirements of 1 image is not met. 1 requirement not run: --fail-fast ended the run at RUN-001 (vpdmn).',
  )
})

test('the sentence says that the run was interrupted', () => {
  const notRun = sampleResult({ status: 'skip', findings: [{ message: unfinishedReason('SIGTERM') }] })
  expect(sentence('error', sampleResult(), notRun)).toBe(
    '1 requirement not run: the run was interrupted by SIGTERM. There is no verdict.',
  )
})
