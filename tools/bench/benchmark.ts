import type { ArchitectureName } from '../../harness/model/architecture.ts'
import type { Lifetime } from '../../harness/platform/process/lifetime.ts'

/** What one benchmark measured on one architecture, every sample in the order it was taken. */
export interface Measurement {
  /** Unit last, as in `fork_answer_ms`. */
  name: string
  arch: ArchitectureName
  unit: 'ms'
  samples: number[]
}

export interface Benchmark {
  title: string
  /** Names of the measurements whose medians are divided, and what the quotient should be. */
  ratio: { over: string; under: string; goal: string }
  measure(context: BenchmarkContext): Promise<Measurement[]>
}

export interface BenchmarkContext {
  arch: ArchitectureName
  /** The reference image of the architecture. */
  imagePath: string
  /** Holds what the benchmark needs; removed at the end. */
  folder: string
  lifetime: Lifetime
}

/** Milliseconds that the work takes on the monotonic clock. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await work()
  return performance.now() - startedMs
}

/** Runs two ways of doing one thing in turn, A B A B, so that a change of the machine's speed meets both. */
export async function inTurn(
  rounds: number,
  first: () => Promise<number>,
  second: () => Promise<number>,
): Promise<[number[], number[]]> {
  const samples: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    samples[0].push(await first())
    samples[1].push(await second())
  }
  return samples
}

/** Median: the middle of the sorted samples, or the mean of the two in the middle. */
export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return (low + high) / 2
}

/** The samples of one figure in milliseconds. */
export const millisecondsOf = (name: string, { arch }: BenchmarkContext, samples: number[]): Measurement => ({
  name,
  arch,
  unit: 'ms',
  samples,
})
