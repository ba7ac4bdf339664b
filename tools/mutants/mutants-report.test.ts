import { describe, expect, test } from 'vitest'
import { mutantsExitCode, mutantsReport, mutantsText } from './mutants-report.ts'
import type { Outcome } from './outcome.ts'

const outcome = (id: string, expected: string[], failed: string[]): Outcome => ({
  ...{ id, expected, failed },
  arch: 'x86_64',
  kind: 'static',
  durationMs: 1500,
})

const killed = outcome('no-hosts', ['FS-010'], ['FS-010'])
const passed = outcome('gzip', [], [])

describe('a run of mutants', () => {
  test('in which all went as it must', () => {
    expect(mutantsExitCode([killed, passed])).toBe(0)
    const text = mutantsText([killed, passed], true)
    expect(text).toContain('killed   x86_64   no-hosts by FS-010\n')
    expect(text).toContain('passed   x86_64   gzip\n')
    expect(text).toContain('1 of 1 mutants killed, 1 of 1 harmless variants passed, 0 false alarms.')
    expect(text).toContain('On average 1.5 s a variant.')
    expect(text).toMatch(/No mutant kills FS-001, /)
    expect(mutantsText([killed], false)).not.toContain('No mutant kills')
  })

  test.each([
    ['that survived', outcome('no-hosts', ['FS-010'], []), 'SURVIVED x86_64   no-hosts; FS-010 did not fail'],
    [
      'that was caught by another requirement only',
      outcome('no-hosts', ['FS-010'], ['FS-004']),
      'SURVIVED x86_64   no-hosts; FS-010 did not fail; failed without cause: FS-004',
    ],
    [
      'on which more failed than it breaks',
      outcome('no-hosts', ['FS-010'], ['FS-010', 'FS-004']),
      'killed   x86_64   no-hosts by FS-010; failed without cause: FS-004',
    ],
    [
      'that is harmless and was refused',
      outcome('gzip', [], ['FS-001']),
      'ALARM    x86_64   gzip; failed without cause: FS-001',
    ],
  ])('with one %s fails', (_, bad, line) => {
    expect(mutantsExitCode([killed, bad])).toBe(1)
    expect(mutantsText([killed, bad], false)).toContain(`${line}\n`)
  })

  test('lists the requirements on which no mutant failed', () => {
    const { unkilled, mutants, equivalents } = mutantsReport([killed, passed])
    expect(unkilled).toContain('FS-001')
    expect(unkilled).not.toContain('FS-010')
    // It informs only, and cannot fail.
    expect(unkilled).not.toContain('CFG-001')
    // None of a suite that was not asked.
    expect(unkilled).not.toContain('BOOT-001')
    expect(mutants).toMatchObject([{ id: 'no-hosts', expected: ['FS-010'], failed: ['FS-010'], killed: true }])
    expect(equivalents).toMatchObject([{ id: 'gzip', failed: [] }])
  })
})
