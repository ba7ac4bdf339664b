import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judge, verdictExitCodes } from './judge.ts'
import { sampleImage, sampleResult } from './sample-report.ts'
import type { ImageReport, RequirementResult, Severity, Status } from './schema.ts'

const results: fc.Arbitrary<RequirementResult> = fc
  .record({
    severity: fc.constantFrom<Severity>('blocker', 'error', 'warning', 'info'),
    status: fc.constantFrom<Status>('pass', 'fail', 'skip', 'waived', 'error'),
  })
  .map(sampleResult)

const images: fc.Arbitrary<ImageReport> = fc
  .array(results, { minLength: 1, maxLength: 6 })
  .map((requirements) => sampleImage({ requirements }))

const someImages = fc.array(images, { minLength: 1, maxLength: 4 })
const everyResult = (reports: ImageReport[]) => reports.flatMap((image) => image.requirements)

const judgeOne = (...requirements: RequirementResult[]) => judge([sampleImage({ requirements })])

describe('judge', () => {
  test('says conforms only if every image was looked at and nothing broke or failed', () => {
    fc.assert(
      fc.property(someImages, (reports) => {
        if (judge(reports) !== 'conforms') return
        for (const { requirements } of reports)
          expect(requirements.some(({ status }) => status === 'pass' || status === 'waived' || status === 'fail')).toBe(
            true,
          )
        for (const { status, severity } of everyResult(reports)) {
          expect(status).not.toBe('error')
          if (status === 'fail') expect(['warning', 'info']).toContain(severity)
        }
      }),
    )
  })

  test('never lets a broken check pass as a verdict on the image', () => {
    fc.assert(
      fc.property(someImages, (reports) => {
        const broken = everyResult(reports).some(({ status }) => status === 'error')
        if (broken) expect(judge(reports)).toBe('error')
      }),
    )
  })

  test('a fault of the harness is an error whatever the images did', () => {
    fc.assert(
      fc.property(someImages, (reports) => {
        expect(judge(reports, ['no space'])).toBe('error')
      }),
    )
  })

  test('does not depend on the order of images', () => {
    fc.assert(
      fc.property(someImages, (reports) => {
        expect(judge(reports.toReversed())).toBe(judge(reports))
      }),
    )
  })

  test('a further image that conforms changes nothing', () => {
    fc.assert(
      fc.property(someImages, (reports) => {
        expect(judge([...reports, sampleImage()])).toBe(judge(reports))
      }),
    )
  })

  test.each(['blocker', 'error'] as const)('a failed requirement of severity %s decides', (severity) => {
    expect(judgeOne(sampleResult(), sampleResult({ severity, status: 'fail' }))).toBe('does-not-conform')
  })

  test.each(['warning', 'info'] as const)('a failed requirement of severity %s is advice', (severity) => {
    expect(judgeOne(sampleResult({ severity, status: 'fail' }))).toBe('conforms')
  })

  test('a waived failure does not decide', () => {
    expect(judgeOne(sampleResult({ status: 'waived' }))).toBe('conforms')
  })

  test.each([
    ['no image', []],
    ['an image without requirements', [sampleImage({ requirements: [] })]],
    [
      'an image of which everything was skipped',
      [sampleImage(), sampleImage({ requirements: [sampleResult({ status: 'skip' })] })],
    ],
  ])('%s is an error: nothing was proven', (_, reports) => {
    expect(judge(reports)).toBe('error')
  })

  test('each verdict has the exit code the command line promises', () => {
    expect(verdictExitCodes).toEqual({ conforms: 0, 'does-not-conform': 1, error: 3 })
  })
})
