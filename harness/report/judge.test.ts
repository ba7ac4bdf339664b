import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Severity } from '../model/requirement.ts'
import type { RequirementResult } from '../model/result.ts'
import { type Status, statusNames } from '../model/status.ts'
import { judge, verdictExitCodes } from './judge.ts'
import { failFastReason } from './not-run.ts'
import { sampleImage, sampleResult } from './sample-report.ts'
import type { ImageReport } from './schema.ts'

const results: fc.Arbitrary<RequirementResult> = fc
  .record({
    severity: fc.constantFrom<Severity>('blocker', 'error', 'warning', 'info'),
    status: fc.constantFrom<Status>(...statusNames),
  })
  .map(sampleResult)

const images: fc.Arbitrary<ImageReport> = fc
  .array(results, { minLength: 1, maxLength: 6 })
  .map((requirements) => requirements.map((result, index) => ({ ...result, id: `X-${index}` })))
  .chain((requirements) => fc.tuple(...requirements.map(blockedBySome)))
  .map((requirements) => sampleImage({ requirements }))

/** A blocked result names one that may or may not be there, and may or may not have failed. */
const blockedBySome = (result: RequirementResult) =>
  fc.nat(7).map((cause) => (result.status === 'blocked' ? { ...result, blockedBy: `X-${cause}` } : result))

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

  test('needs no answer of an image that a failure of another one left out, and takes none for conforming', () => {
    const notRun = sampleResult({ status: 'skip', findings: [{ message: failFastReason('RUN-001', 'x86_64') }] })
    const left = sampleImage({ arch: 'aarch64', requirements: [notRun] })
    expect(judge([sampleImage({ requirements: [sampleResult({ status: 'fail' })] }), left])).toBe('does-not-conform')
    expect(judge([sampleImage(), left])).toBe('error')
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

  describe('a blocked requirement', () => {
    const blocked = (severity: Severity = 'error', blockedBy = 'A-1') =>
      sampleResult({ id: 'B-1', severity, status: 'blocked', blockedBy })
    const cause = (status: Status, severity: Severity = 'error') => sampleResult({ id: 'A-1', severity, status })

    test('is no failure of its own: its cause decides', () => {
      expect(judgeOne(blocked(), cause('fail'))).toBe('does-not-conform')
      expect(judgeOne(blocked('warning'), cause('fail', 'warning'))).toBe('conforms')
    })

    test('accepts no verdict from advice where it would have decided', () => {
      expect(judgeOne(blocked(), cause('fail', 'warning'))).toBe('error')
      expect(judgeOne(blocked('blocker'), cause('waived', 'info'))).toBe('error')
    })

    test('is accepted with its cause: a waiver of the one leaves the other without a say', () => {
      expect(judgeOne(blocked(), cause('waived'))).toBe('conforms')
    })

    test.each(statusNames.filter((status) => status !== 'fail' && status !== 'waived'))(
      'by one whose status is %s leaves the run unproven',
      (status) => expect(judgeOne(sampleResult(), blocked(), cause(status))).toBe('error'),
    )

    test('by one of another image, or by none, leaves the run unproven', () => {
      const here = sampleImage({ requirements: [sampleResult(), blocked('info')] })
      expect(judge([here, sampleImage({ requirements: [cause('fail')] })])).toBe('error')
      expect(judgeOne(sampleResult(), sampleResult({ id: 'B-2', status: 'blocked' }))).toBe('error')
    })
  })

  test('what does not apply to an image changes nothing', () => {
    const other = sampleResult({ id: 'N-1', status: 'not-applicable' })
    fc.assert(
      fc.property(images, (image) => {
        expect(judge([{ ...image, requirements: [...image.requirements, other] }])).toBe(judge([image]))
      }),
    )
  })

  test.each([
    ['no image', []],
    ['an image without requirements', [sampleImage({ requirements: [] })]],
    [
      'an image of which everything was skipped',
      [sampleImage(), sampleImage({ requirements: [sampleResult({ status: 'skip' })] })],
    ],
    [
      'an image to which nothing applies',
      [sampleImage({ requirements: [sampleResult({ status: 'not-applicable' })] })],
    ],
  ])('%s is an error: nothing was proven', (_, reports) => {
    expect(judge(reports)).toBe('error')
  })

  test('each verdict has the exit code the command line promises', () => {
    expect(verdictExitCodes).toEqual({ conforms: 0, 'does-not-conform': 1, error: 3 })
  })
})
