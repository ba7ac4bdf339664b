import { beforeEach, expect, test, vi } from 'vitest'
import { requirementsOf } from '../../../suites/requirements.ts'
import type { RequirementResult } from '../../model/result.ts'
import { sampleResult } from '../../report/sample-report.ts'
import type { StoredResult } from '../../run/reuse/stored-result.ts'
import type { EarlierResults } from './earlier-results.ts'
import type { JudgedImage } from './image-states.ts'
import { reusingResults } from './reuse-results.ts'
import type { Run } from './verify-run.ts'

const asked = requirementsOf(['boot'], true).slice(0, 3)
const [first, second, third] = asked.map(({ id }) => id) as [string, string, string]
const kept = new Map<string, StoredResult | 'damaged'>()
const foundAt = '2026-11-28T08:10:00.000Z'
const stored = (id: string): StoredResult => ({ id, key: id, foundAt, durationMs: 7 })

const store: EarlierResults['store'] = {
  look: (id) => {
    const found = kept.get(id)
    return found === undefined ? 'none' : found === 'damaged' ? found : { found }
  },
  keep: (result) => kept.set(result.id, result),
  discard: (id) => kept.delete(id),
}
const earlier: EarlierResults = {
  ...{ asked, store, accelerator: 'tcg' },
  keys: { of: ({ id }) => id, fileOf: (id) => `${id}.test.ts` },
  boot: { arch: 'x86_64', kernel: 'k', initramfs: 'i', agentInitramfs: 'a', kernelVersion: '6.1', origin: 'kit' },
}

const warnings: string[] = []
const toldEarly: string[] = []
const task = { awaiting: () => {}, doing: () => {}, end: () => {}, fail: () => {} }
const runWith = (reuse: object | undefined): Run =>
  ({
    options: { reuse, keepGoing: false },
    faults: [],
    failFast: {},
    known: { add: ({ label }: JudgedImage, { id }: RequirementResult) => toldEarly.push(`${label} ${id}`) },
    lifetime: { hasEnded: false },
    startedAt: new Date('2026-11-28T09:00:00.000Z'),
    progress: { begin: () => task, warn: (text: string) => warnings.push(text), note: () => {} },
    accelerators: new Map([['x86_64', { accelerator: 'tcg', reason: '' }]]),
  }) as unknown as Run
const run = runWith({})

const image = (fields: Partial<JudgedImage> = {}): JudgedImage =>
  ({ label: 'mine', arch: 'x86_64', requirements: [sampleResult()], notApplicable: {}, ...fields }) as JudgedImage

/** A stage whose guests answer what is left with the statuses given, else with a pass. */
const answering = (statuses: Record<string, RequirementResult['status']> = {}) =>
  vi.fn(async (images: JudgedImage[]) =>
    images.map((one) => {
      const ids = one.reuse?.left.map(({ id }) => id) ?? asked.map(({ id }) => id)
      const results = ids.map((id) => sampleResult({ id, suite: 'boot', status: statuses[id] ?? 'pass' }))
      return { ...one, requirements: [...one.requirements, ...results.toReversed()] }
    }),
  )
const reusing = (stage: ReturnType<typeof answering>, of = run, images = [image()]) =>
  reusingResults(of, images, stage, async () => earlier)
const guestIds = (judged: JudgedImage | undefined) =>
  judged?.requirements.filter(({ suite }) => suite === 'boot').map(({ id }) => id)

beforeEach(() => {
  kept.clear()
  warnings.length = 0
  toldEarly.length = 0
})

test('what passed is kept and reused by the next run, which starts no guest', async () => {
  await reusing(answering())
  const stage = answering()
  const [again] = await reusing(stage)
  expect(stage).not.toHaveBeenCalled()
  expect(guestIds(again)).toEqual([first, second, third])
  expect(again?.requirements.filter(({ reusedFrom }) => reusedFrom === '2026-11-28T09:00:00.000Z')).toHaveLength(3)
  expect(again?.bootedWith).toMatchObject({ kernel: 'k' })
  expect(toldEarly, 'what a run knows that is interrupted').toEqual([first, second, third].map((id) => `mine ${id}`))
})

test.each(['fail', 'error', 'blocked', 'skip', 'waived'] as const)(
  'what came out as %s is asked again, alone',
  async (status) => {
    await reusing(answering({ [second]: status }))
    const stage = answering()
    const [again] = await reusing(stage)
    expect(stage.mock.calls[0]?.[0][0]?.reuse?.left).toEqual([{ id: second, suite: 'boot', file: `${second}.test.ts` }])
    expect(guestIds(again)).toEqual([first, second, third])
  },
)

test('a result that is not as it was written is told, taken away and asked again', async () => {
  kept.set(first, stored(first)).set(second, 'damaged').set(third, stored(third))
  const stage = answering({ [second]: 'fail' })
  await reusing(stage)
  expect(stage.mock.calls[0]?.[0][0]?.reuse?.known).toEqual([first, third])
  expect(kept.has(second)).toBe(false)
  expect(warnings).toEqual(['mine: 1 of the results in the cache is not as it was written, and asked again.'])
})

test('a run that refuses it looks nothing up and keeps nothing', async () => {
  kept.set(first, stored(first))
  const stage = answering()
  await reusing(stage, runWith(undefined))
  expect(stage.mock.calls[0]?.[0][0]?.reuse).toBeUndefined()
  expect([...kept.keys()]).toEqual([first])
})

test('what was found while the environment failed, or under another accelerator, is not kept', async () => {
  const failing = runWith({})
  await reusing(
    vi.fn(async (images: JudgedImage[]) => {
      failing.faults.push({ code: 'E_SUITES', message: 'It ended.' })
      return answering()(images)
    }),
    failing,
  )
  const other = runWith({})
  other.accelerators.set('x86_64', { accelerator: 'kvm', reason: '' })
  await reusing(answering(), other)
  expect([...kept]).toEqual([])
})

test('an image that is not booted is not looked up, whatever was found before', async () => {
  kept.set(first, stored(first)).set(second, stored(second)).set(third, stored(third))
  const blocked = image({ requirements: [sampleResult({ severity: 'blocker', status: 'fail' })] })
  const stage = answering()
  await reusing(stage, run, [blocked])
  expect(stage.mock.calls[0]?.[0][0]?.reuse).toBeUndefined()
})

test('what does not apply to the image is known without a guest', async () => {
  const feature = 'auth'
  const own = { ...earlier, asked: [{ ...(asked[0] as (typeof asked)[0]), feature } as const] }
  const stage = answering()
  const images = [image({ notApplicable: { [feature]: 'Its era has none.' } })]
  const [judged] = await reusingResults(run, images, stage, async () => own)
  expect(stage).not.toHaveBeenCalled()
  expect(judged?.requirements.at(-1)).toMatchObject({
    status: 'not-applicable',
    findings: [{ message: 'Its era has none.' }],
  })
})

test('a disk that refuses ends no run', async () => {
  const full = {
    ...earlier,
    store: {
      ...store,
      keep: () => {
        throw Object.assign(new Error('full'), { code: 'ENOSPC', path: '/x' })
      },
    },
  }
  const [judged] = await reusingResults(run, [image()], answering(), async () => full)
  expect(guestIds(judged)).toHaveLength(3)
  expect(warnings[0]).toMatch(/^Results are not kept for the next run\. /)
})
