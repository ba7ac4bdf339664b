import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { describe, expect, test } from 'vitest'
import type { RequirementResult } from '../../model/result.ts'
import { statusNames } from '../../model/status.ts'
import { sampleImage, sampleReport, sampleResult } from '../sample-report.ts'
import { junitXml } from './junit.ts'

const xmlOf = (...requirements: Partial<RequirementResult>[]) =>
  junitXml(sampleReport({ images: [sampleImage({ requirements: requirements.map(sampleResult) })] }))

const counts = (xml: string) =>
  /<testsuite .*?tests="(\d+)" failures="(\d+)" errors="(\d+)" skipped="(\d+)"/.exec(xml)?.slice(1).map(Number)

describe('junitXml', () => {
  test('counts passes, failures, errors and skips as JUnit means them', () => {
    expect(counts(xmlOf(...statusNames.map((status) => ({ status }))))).toEqual([7, 1, 1, 4])
  })

  test('says of a skipped case what blocks it, or why it does not apply', () => {
    const note = (fields: Partial<RequirementResult>) => /<system-out>(.*)<\/system-out>/s.exec(xmlOf(fields))?.[1]
    const findings = [{ message: 'Blocked by BOOT-003: It panicked.' }]
    expect(note({ status: 'blocked', blockedBy: 'BOOT-003', findings })).toContain('Blocked by BOOT-003: It panicked.')
    expect(note({ status: 'blocked', blockedBy: 'BOOT-003' })).toContain('Blocked by BOOT-003.')
    expect(note({ status: 'not-applicable', findings: [{ message: 'No such share.' }] })).toContain(
      'not applicable: No such share.',
    )
  })

  test('advice that is not met is no failure, but is told', () => {
    const xml = xmlOf({ status: 'fail', severity: 'warning', findings: [{ message: '12 MB of documents' }] })
    expect(counts(xml)).toEqual([1, 0, 0, 0])
    expect(xml).toContain('advice, not met: 12 MB of documents')
  })

  test('a failure tells where, what and the remedy; its evidence follows', () => {
    const findings = [{ path: '/usr/bin/crun', message: 'is missing', remedy: 'Add crun.' }]
    const xml = xmlOf({ status: 'fail', findings, evidence: 'sh: crun: not found' })
    expect(xml).toContain('message="/usr/bin/crun: is missing"')
    expect(xml).toContain('Add crun.')
    expect(xml).toContain('sh: crun: not found')
  })

  test('suites and images are kept apart', () => {
    const requirements = [sampleResult(), sampleResult({ suite: 'boot' })]
    const images = [sampleImage({ requirements }), sampleImage({ requirements, arch: 'aarch64' })]
    const names = junitXml(sampleReport({ images })).matchAll(/<testsuite name="(\S+ \S+)/g)
    expect([...names].map(([, name]) => name)).toEqual([
      'x86_64 static',
      'x86_64 boot',
      'aarch64 static',
      'aarch64 boot',
    ])
  })

  test('a fault of the harness is an error of its own', () => {
    expect(counts(junitXml(sampleReport({ images: [], faults: ['no space'] })))).toEqual([1, 0, 1, 0])
  })

  test('whatever an image prints, the file stays valid XML', () => {
    const hostile = fc.sample(fc.string({ unit: 'binary', maxLength: 60 }), { numRuns: 200, seed: 1 })
    const texts = [...hostile, ']]>', '<!--', '&', '\u0000\u001b[31m\ud800\ufffe\ufdd0']
    const xml = xmlOf(
      ...texts.flatMap((text) =>
        (['fail', 'skip', 'error', 'blocked', 'not-applicable'] as const).map((status) => ({
          status,
          blockedBy: text,
          title: text,
          findings: [{ message: text, path: text, remedy: text }],
          evidence: text,
        })),
      ),
    )
    expect(() => new SaxesParser().write(xml).close()).not.toThrow()
  })
})
