import { SaxesParser } from 'saxes'
import { expect, test } from 'vitest'
import { sampleImage, sampleReport, sampleResult } from '../sample-report.ts'
import type { Report } from '../schema.ts'
import { badgeSvg } from './badge.ts'
import { always } from './sample-any-report.ts'

const title = (fields: Partial<Report>) => /<title>(.*?)<\/title>/.exec(badgeSvg(sampleReport(fields)))?.[1]
const images = (...statuses: ('pass' | 'fail' | 'error' | 'waived')[]) => [
  sampleImage({ requirements: statuses.map((status) => sampleResult({ status })) }),
]

test('the badge counts what passed and what decided', () => {
  expect(title({ images: images('pass', 'pass') })).toBe('conformance: 2 passed')
  expect(title({ verdict: 'does-not-conform', images: images('pass', 'fail') })).toBe('conformance: 1 failed, 1 passed')
  expect(title({ images: images('pass', 'fail', 'waived') })).toBe('conformance: 1 warned, 1 waived, 1 passed')
})

test('a run without a verdict never looks like one with', () => {
  expect(title({ verdict: 'error', images: [] })).toBe('conformance: no verdict')
  expect(title({ verdict: 'error', images: images('pass', 'error') })).toBe(
    'conformance: no verdict, 1 broke, 1 passed',
  )
})

test('it is well-formed, and needs nothing from elsewhere', () => {
  always((report) => {
    const svg = badgeSvg(report)
    const parser = new SaxesParser()
    parser.on('error', (error) => {
      throw error
    })
    parser.write(svg).close()
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/:\/\/|href|script|style/)
  })
})
