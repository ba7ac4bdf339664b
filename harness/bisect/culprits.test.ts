import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CallFault, EnvironmentFault } from '../model/faults.ts'
import { type Change, type Part, partKey } from './change.ts'
import { findCulprits } from './culprits.ts'
import { type Failures, TrialStore } from './trial-store.ts'
import { Trials } from './trials.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'culprits-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const id = 'ABC-001'
const entry = (path: string): Part => ({ kind: 'entry', path })

/** Forty packages of three files each, which are texts of four lines that differ. */
const packages = Array.from({ length: 40 }, (_, number): Change => {
  return { kind: 'package', name: `p${number}`, parts: [0, 1, 2].map((file) => entry(`/p${number}/${file}`)) }
})
const difference = {
  packages: () => packages,
  filesOf: (change: Change): Change[] =>
    change.parts.length === 1
      ? [change]
      : change.parts.map((part) => ({ kind: 'file', name: partKey(part), parts: [part] })),
  linesOf: (change: Change): Change[] => {
    const [part] = change.parts
    if (part?.kind !== 'entry') return [change]
    const { path } = part
    return [0, 1, 2, 3].map((index) => {
      return { kind: 'line', name: `${path} line ${index}`, parts: [{ kind: 'line', path, index }] }
    })
  },
}

/** Whether a mixture has a line, alone or with its file. */
const has = (parts: readonly Part[], path: string, index: number): boolean =>
  parts.some((part) => 'path' in part && part.path === path && (part.kind !== 'line' || part.index === index))

type Judge = (parts: readonly Part[]) => Failures
const failing = (isFailing: (parts: readonly Part[]) => boolean): Judge => {
  return (parts) => (isFailing(parts) ? { [id]: ['mark'] } : {})
}

let judged = 0
function bisect(judge: Judge, { maxTrials = 1000, repeats = 1, key = 'key' } = {}) {
  judged = 0
  let mixture: readonly Part[] = []
  const trials = new Trials({
    mix: (parts) => {
      mixture = parts
      return '/mixture'
    },
    judge: async () => {
      judged++
      return judge(mixture)
    },
    judgeName: 'judge',
    onTrial: () => {},
    store: new TrialStore(folder, key, false),
    bounds: { maxTrials, deadlineMs: Number.POSITIVE_INFINITY },
  })
  return findCulprits(id, difference, trials, repeats)
}

const namesIn = ({ causes }: Awaited<ReturnType<typeof bisect>>) =>
  causes.map(({ changes }) => changes.map(({ name }) => name))

describe('the culprit', () => {
  test('is found down to the line, proven both ways, in few trials', async () => {
    const found = await bisect(failing((parts) => has(parts, '/p23/1', 2)))
    expect(namesIn(found)).toEqual([['/p23/1 line 2']])
    expect(found).toMatchObject({ isProven: true, changeCount: 40 })
    // 2 ends, 6 + 1 for forty packages, 2 + 1 for three files, 2 + 1 for four lines, and BAD without it.
    expect(found.trialCount).toBeLessThanOrEqual(16)
  })

  test('may be two lines that only fail together', async () => {
    const found = await bisect(failing((parts) => has(parts, '/p3/0', 1) && has(parts, '/p30/2', 3)))
    expect(namesIn(found).map((cause) => cause.toSorted())).toEqual([['/p3/0 line 1', '/p30/2 line 3']])
  })

  test('may be several, each of which makes it fail by itself', async () => {
    const found = await bisect(
      failing((parts) => has(parts, '/p3/0', 1) || has(parts, '/p3/0', 2) || has(parts, '/p9/1', 0)),
    )
    expect(namesIn(found).toSorted()).toEqual([['/p3/0 line 1'], ['/p3/0 line 2'], ['/p9/1 line 0']])
    expect(found.isProven).toBe(true)
  })

  test('is no change that makes it fail for another reason', async () => {
    const judge: Judge = (parts) => {
      if (has(parts, '/p20/0', 0)) return { [id]: ['mark'] }
      return has(parts, '/p1/0', 0) ? { [id]: ['other'] } : {}
    }
    expect(namesIn(await bisect(judge))).toEqual([['/p20/0 line 0']])
  })
})

test('images that do not differ in the verdict are refused', async () => {
  await expect(bisect(failing(() => false))).rejects.toThrow(CallFault)
  await expect(
    bisect(
      failing(() => true),
      { key: 'other' },
    ),
  ).rejects.toThrow(/fails on GOOD too/)
})

test('a failure by chance in the midst of the search is noticed before it leads astray', async () => {
  const judge: Judge = (parts) => {
    const isByChance = judged === 6
    return isByChance || has(parts, '/p39/1', 2) ? { [id]: ['mark'] } : {}
  }
  await expect(bisect(judge, { repeats: 2 })).rejects.toMatchObject({ code: 'E_FLAKY' })
  expect(judged).toBe(7)
})

test('a cause of very many changes is told as a whole', async () => {
  const all = packages.slice(0, 30).map(({ parts: [part] }) => (part as { path: string }).path)
  const found = await bisect(failing((parts) => all.every((path) => has(parts, path, 0))))
  expect(found.causes.map(({ isMinimal }) => isMinimal)).toEqual([false])
  expect(found).toMatchObject({ isProven: true })
  expect(found.trialCount).toBeLessThanOrEqual(100)
})

test('a requirement that fails by chance is an environment fault', async () => {
  let count = 0
  const flaky = failing((parts) => parts.length > 0 && count++ % 2 === 0)
  await expect(bisect(flaky, { repeats: 2 })).rejects.toMatchObject({ code: 'E_FLAKY', exitCode: 3 })
})

test('a bisection goes on where it stopped, without a trial twice', async () => {
  const judge = failing((parts) => has(parts, '/p23/1', 2))
  await expect(bisect(judge, { maxTrials: 5 })).rejects.toThrow(EnvironmentFault)
  expect(judged).toBe(5)
  const { trialCount } = await bisect(judge)
  expect(judged).toBe(trialCount - 5)
  await bisect(judge)
  expect(judged).toBe(0)
  expect(readdirSync(folder)).toEqual(['bisect-state.json'])
})

test('trials under other conditions, and a file of another program, are not taken for its own', async () => {
  const judge = failing((parts) => has(parts, '/p23/1', 2))
  const { trialCount } = await bisect(judge)
  await bisect(judge, { key: 'another image' })
  expect(judged).toBe(trialCount)
  const path = join(folder, 'bisect-state.json')
  for (const text of ['{"trials": 1}', readFileSync(path, 'utf8').slice(0, -9)]) {
    writeFileSync(path, text)
    await bisect(judge)
    expect(judged).toBe(trialCount)
  }
})
