import {
  comparePaired,
  confirms,
  type PairedResult,
  type PairedSamples,
  pairsNeeded,
} from '../statistics/paired-verdict.ts'
import { type OnPair, runPairs, type Sides } from './pairs.ts'

export interface PairedComparison {
  results: (PairedResult & { verdict: 'slower' | 'not confirmed' | 'no slower' })[]
  /** Every sample in the order of the pairs, those of a confirmation behind the others. */
  samples: PairedSamples[]
}

export interface PairedOptions {
  /** At least as many pairs; more are taken where that many could show nothing. */
  pairs?: number
  random: () => number
  onPair?: OnPair
}

/**
 * Compares two sides by pairs: one that warms up and is thrown away, then the series, then, where something is suspected
 * to be slower, fresh pairs that must confirm it.
 */
export async function comparePairs(sides: Sides, options: PairedOptions): Promise<PairedComparison> {
  const { random, onPair } = options
  const warmUp = await runPairs(sides, 1, random)
  const count = Math.max(options.pairs ?? 0, pairsNeeded(warmUp.length))
  const first = await runPairs(sides, count, random, onPair)
  const results = comparePaired(first)
  if (!results.some(({ suspected }) => suspected))
    return { results: results.map((result) => ({ ...result, verdict: 'no slower' as const })), samples: first }
  const fresh = await runPairs(sides, count, random, onPair)
  return {
    results: results.map((result, index) => ({ ...result, verdict: verdictOf(result, first[index], fresh[index]) })),
    samples: first.map(({ metric, a, b }, index) => ({
      metric,
      a: [...a, ...(fresh[index]?.a ?? [])],
      b: [...b, ...(fresh[index]?.b ?? [])],
    })),
  }
}

function verdictOf(
  { suspected }: PairedResult,
  first: PairedSamples | undefined,
  fresh: PairedSamples | undefined,
): 'slower' | 'not confirmed' | 'no slower' {
  if (!suspected || !first || !fresh) return 'no slower'
  return confirms(first, fresh) ? 'slower' : 'not confirmed'
}
