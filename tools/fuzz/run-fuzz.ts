import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Lifetime } from '../../harness/platform/process/lifetime.ts'
import { FuzzLane } from './fuzz-lane.ts'
import { mutantOf, readOriginals, writeOriginals } from './mutant.ts'

export interface FuzzOptions {
  seed: number
  /** Index of the first mutant. */
  first: number
  count: number
  /** After this no further mutant is begun. */
  seconds: number
  /** Holds what the run needs; the caller removes it. */
  folder: string
  /** Where images that break the harness are kept; made when there is one. */
  keep: string
  worker?: string
  /** Told after each mutant how many are done. */
  progress?: (doneCount: number) => void
}

export interface FuzzFailure {
  index: number
  origin: string
  failure: string
  /** The image, kept for whoever looks into it. */
  path: string
}

export interface FuzzResult {
  refused: number
  judged: number
  failures: FuzzFailure[]
  /** The most that any worker took. */
  memoryBytes: number
  slowestMs: number
}

const maxLanes = 4

/** Judges mutants side by side and gathers what became of them. */
export async function runFuzz(options: FuzzOptions, lifetime: Lifetime): Promise<FuzzResult> {
  const originals = join(options.folder, 'originals')
  await mkdir(originals, { recursive: true })
  await writeOriginals(originals)
  const result: FuzzResult = { refused: 0, judged: 0, failures: [], memoryBytes: 0, slowestMs: 0 }
  const endMs = performance.now() + options.seconds * 1000
  let next = options.first
  const take = () =>
    next < options.first + options.count && performance.now() < endMs && !lifetime.hasEnded ? next++ : undefined
  const lanes = Array.from({ length: Math.min(availableParallelism(), maxLanes) }, (_, lane) =>
    runLane(join(options.folder, `lane-${lane}`), originals, options, result, take, lifetime),
  )
  await Promise.all(lanes)
  result.failures.sort((a, b) => a.index - b.index)
  return result
}

async function runLane(
  folder: string,
  originals: string,
  options: FuzzOptions,
  result: FuzzResult,
  take: () => number | undefined,
  lifetime: Lifetime,
): Promise<void> {
  await mkdir(folder)
  const { seed, worker } = options
  const lane = new FuzzLane({ seed, originals, folder, ...(worker && { worker }) }, lifetime)
  for (let index = take(); index !== undefined; index = take()) {
    const startedMs = performance.now()
    const judged = await lane.judge(index)
    if ('failure' in judged) result.failures.push(await kept(index, judged.failure, originals, options))
    else {
      result[judged.outcome]++
      result.memoryBytes = Math.max(result.memoryBytes, judged.memoryBytes)
    }
    result.slowestMs = Math.max(result.slowestMs, performance.now() - startedMs)
    options.progress?.(result.refused + result.judged + result.failures.length)
  }
  await lane.end()
}

async function kept(index: number, failure: string, originals: string, options: FuzzOptions): Promise<FuzzFailure> {
  const { image, origin } = mutantOf(options.seed, index, readOriginals(originals))
  const path = join(options.keep, `${options.seed}-${index}.squashfs`)
  await mkdir(options.keep, { recursive: true })
  await writeFile(path, image)
  return { index, origin, failure, path }
}
