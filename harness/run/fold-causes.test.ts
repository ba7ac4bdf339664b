import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SharedFault } from '../model/faults.ts'
import type { Severity } from '../model/requirement.ts'
import type { RequirementResult } from '../model/result.ts'
import type { Status } from '../model/status.ts'
import { isDecidingFailure } from '../report/judge.ts'
import { sampleResult } from '../report/sample-report.ts'
import { type FoldableResult, foldCauses } from './fold-causes.ts'

const failed = (id: string, sharedFault?: SharedFault, fields: Partial<RequirementResult> = {}): FoldableResult => ({
  ...sampleResult({ id, suite: 'boot', severity: 'error', status: 'fail', evidence: `console of ${id}`, ...fields }),
  ...(sharedFault && { sharedFault }),
})
const boot = (key: string, fields: Partial<SharedFault> = {}): SharedFault => ({ key, signature: key, ...fields })

/** Who is blocked by whom; what is not there is what it was before. */
const blocked = (results: readonly RequirementResult[]) =>
  Object.fromEntries(results.filter(({ status }) => status === 'blocked').map(({ id, blockedBy }) => [id, blockedBy]))

describe('failures by one fault', () => {
  test('are one failure of the requirement that owns it, which keeps its evidence; the others are blocked by it', () => {
    const shared = boot('daemon', { owner: 'B-2' })
    const cause = { findings: [{ message: 'It took 1.5 s and ended. Then nothing came.', remedy: 'Start it.' }] }
    const results = [failed('B-1', shared), failed('B-2', shared, cause)]
    expect(foldCauses(results)).toEqual([
      {
        ...sampleResult({ id: 'B-1', suite: 'boot', severity: 'error', status: 'blocked' }),
        blockedBy: 'B-2',
        findings: [{ message: 'Blocked by B-2: It took 1.5 s and ended.' }],
      },
      failed('B-2', undefined, cause),
    ])
  })

  test.each([
    ['it is more severe', boot('a', { owner: 'B-1' }), 'blocker'],
    ['the owner did not fail', boot('a', { owner: 'B-9' }), 'error'],
    ['there is no owner', boot('a'), 'error'],
  ] as const)('are one failure of another where %s', (_, shared, severity) => {
    const results = [
      failed('B-1', shared, { severity: 'warning' }),
      failed('B-2', shared, { severity }),
      failed('B-3', shared),
    ]
    expect(blocked(foldCauses(results))).toEqual({ 'B-1': 'B-2', 'B-3': 'B-2' })
  })

  test('of whole boots that failed alike are one, whatever else they were for', () => {
    const panic = { signature: 'Kernel panic' }
    const results = [
      failed('B-1', boot('first', panic), { severity: 'warning' }),
      failed('B-2', boot('second', panic)),
      failed('B-3', boot('second', panic)),
      failed('B-4', boot('third', panic)),
      failed('B-5', boot('fourth')),
    ]
    expect(blocked(foldCauses(results))).toEqual({ 'B-1': 'B-2', 'B-3': 'B-2', 'B-4': 'B-2' })
  })

  test('leave alone what passed, what failed by itself, and what failed around the image', () => {
    const results = [
      failed('B-1', boot('a')),
      failed('B-2'),
      failed('B-3', boot('b', { owner: 'B-4' })),
      failed('B-4', boot('b'), { status: 'error' }),
      failed('B-5', boot('b'), { status: 'error' }),
      failed('B-6', boot('b'), { status: 'pass' }),
    ]
    expect(foldCauses(results)).toEqual(results.map(({ sharedFault: _, ...result }) => result))
  })

  test.each([
    ['The machine panicked:\n  Kernel panic', 'The machine panicked.'],
    ['Is /init there? It is not.', 'Is /init there? It is not.'],
    ['Nothing came!', 'Nothing came!'],
    ['', 'Required programs are present.'],
  ])('tell the cause in one sentence: %j', (message, sentence) => {
    const findings = message ? [{ message }] : []
    const [, other] = foldCauses([failed('B-1', boot('a'), { findings }), failed('B-2', boot('a'))])
    expect(other?.findings).toEqual([{ message: `Blocked by B-1: ${sentence}` }])
  })
})

describe('folding any results', () => {
  const few = (...names: string[]) => fc.constantFrom(...names)
  const faults = fc.record({ key: few('a', 'b', 'c'), owner: few('B-0', 'B-3', 'B-6'), signature: few('x', 'y') })
  const drawn = fc.array(
    fc.record({
      severity: fc.constantFrom<Severity>('blocker', 'error', 'warning', 'info'),
      status: fc.constantFrom<Status>('fail', 'fail', 'fail', 'error', 'pass', 'skip', 'not-applicable'),
      sharedFault: fc.option(faults, { nil: undefined }),
    }),
    { maxLength: 14 },
  )
  const always = (holds: (results: FoldableResult[], folded: RequirementResult[]) => void) =>
    fc.assert(
      fc.property(drawn, (fields) => {
        const results = fields.map(({ sharedFault, ...rest }, index) => failed(`B-${index}`, sharedFault, rest))
        holds(results, foldCauses(results))
      }),
    )

  test('keeps every requirement in its place, and changes only what failed by a shared fault', () => {
    always((results, folded) => {
      expect(folded.map(({ id }) => id)).toEqual(results.map(({ id }) => id))
      for (const [index, { sharedFault, ...result }] of results.entries()) {
        if (result.status !== 'fail' || !sharedFault) expect(folded[index]).toEqual(result)
        else expect([result.status, 'blocked']).toContain(folded[index]?.status)
      }
    })
  })

  test('names a cause that failed and weighs no less', () => {
    always((_, folded) => {
      for (const { blockedBy, severity } of folded.filter(({ status }) => status === 'blocked')) {
        const cause = folded.find(({ id }) => id === blockedBy) as RequirementResult
        expect(cause.status).toBe('fail')
        if (severity === 'blocker' || severity === 'error') expect(isDecidingFailure(cause)).toBe(true)
      }
    })
  })

  test('leaves one failure of each fault, and one of those that failed alike', () => {
    always((results, folded) => {
      const causes = results.filter(({ sharedFault }, index) => sharedFault && folded[index]?.status === 'fail')
      for (const name of ['key', 'signature'] as const) {
        const seen = causes.map(({ sharedFault }) => sharedFault?.[name])
        expect(new Set(seen).size).toBe(seen.length)
      }
    })
  })

  test('once is enough', () => {
    always((results, folded) => {
      expect(foldCauses(folded)).toEqual(folded)
      const again = results.map(({ sharedFault }, index): FoldableResult => {
        const result = folded[index] as RequirementResult
        return sharedFault ? { ...result, sharedFault } : result
      })
      expect(foldCauses(again)).toEqual(folded)
    })
  })
})
