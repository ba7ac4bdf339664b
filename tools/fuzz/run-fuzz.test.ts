import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Lifetime } from '../../harness/platform/process/lifetime.ts'
import { mutantOf, readOriginals, writeOriginals } from './mutant.ts'
import { type FuzzOptions, runFuzz } from './run-fuzz.ts'

const folder = mkdtempSync(join(tmpdir(), 'fuzz-'))
const originals = join(folder, 'originals')
beforeAll(() => writeOriginals(originals))
afterAll(() => rmSync(folder, { recursive: true }))

let runs = 0
const fuzz = (options: Partial<FuzzOptions>) => {
  const own = { folder: join(folder, `run-${runs++}`), keep: join(folder, 'kept') }
  return runFuzz({ seed: 1, first: 0, count: 1, seconds: 60, ...own, ...options }, new Lifetime())
}

describe('a mutant', () => {
  test('is the same for the same seed and index, and another for any other', () => {
    const images = readOriginals(originals)
    const hexOf = (seed: number, index: number) => mutantOf(seed, index, images).image.toString('latin1')
    const pairs = Array.from({ length: 60 }, (_, index) => [index % 3, index] as const)
    const made = pairs.map(([seed, index]) => hexOf(seed, index))
    expect(pairs.map(([seed, index]) => hexOf(seed, index))).toEqual(made)
    expect(new Set(made).size).toBe(made.length)
  })
})

test('every mutation can be applied to what the others left', () => {
  const images = readOriginals(originals)
  for (let index = 0; index < 500; index++) expect(mutantOf(3, index, images).image.length).toBeGreaterThan(0)
}, 60_000)

describe('spoilt images', () => {
  test('are refused or judged, and none breaks the harness', async () => {
    const { failures, refused, judged } = await fuzz({ seed: 20_261_123, count: 40 })
    expect(failures).toEqual([])
    expect(refused + judged).toBe(40)
    // Both ways are gone often enough to prove something.
    expect(Math.min(refused, judged)).toBeGreaterThan(5)
  }, 120_000)

  test('that break the harness are told one by one, and kept to be tried again', async () => {
    const worker = join(import.meta.dirname, '../../fixtures/fuzz/misbehaving-worker.ts')
    const { failures, judged } = await fuzz({ count: 8, worker })
    expect(judged).toBe(3)
    expect(failures.map(({ index, failure }) => [index, failure])).toEqual([
      [1, expect.stringContaining('exit code 7')],
      [2, 'It took 2048 MiB of memory.'],
      [3, 'ERR_ACCESS_DENIED'],
      [4, 'ERR_ACCESS_DENIED'],
      [5, expect.stringContaining('SIGSEGV')],
    ])
    const images = readOriginals(originals)
    for (const { index, path } of failures) expect(readFileSync(path)).toEqual(mutantOf(1, index, images).image)
    expect(existsSync(join(folder, 'stray'))).toBe(false)
  })

  test('are no longer begun when the time is over', async () => {
    const { refused, judged } = await fuzz({ count: 1000, seconds: 0 })
    expect(refused + judged).toBe(0)
  })
})
