import { describe, expect, test } from 'vitest'
import { sampleImage, sampleReport, sampleResult } from '../sample-report.ts'
import { reportSchema } from '../schema.ts'
import { reportJson } from './report-json.ts'

describe('reportJson', () => {
  test('holds the report as it is', async () => {
    const report = sampleReport({ images: [sampleImage({ requirements: [sampleResult({ evidence: '\u001b[31m' })] })] })
    expect(JSON.parse(await reportJson(report))).toEqual(report)
  })

  test.each([
    ['a verdict that does not exist', { verdict: 'maybe' }, '/verdict'],
    ['a duration that is no number', { harnessDurationMs: Number.NaN }, '/harnessDurationMs'],
    ['a field that is not published', { extra: 1 }, '/extra'],
    [
      'a suite that does not exist',
      { images: [sampleImage({ requirements: [sampleResult({ suite: 'x' as never })] })] },
      '/images/0/requirements/0/suite',
    ],
  ])('%s is refused', async (_, fields, path) => {
    await expect(reportJson(sampleReport(fields as never))).rejects.toThrow(`The report breaks its schema at ${path}:`)
  })
})

test('the published schema is the one that reports are checked against (to renew it: npx vitest run -u this file)', async () => {
  const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...reportSchema }
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(
    `${import.meta.dirname}/../../../reports/report.schema.json`,
  )
})
