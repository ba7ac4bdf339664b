import type { PairedSamples } from '../statistics/paired-verdict.ts'

/** What one run of one side measured, by metric name. */
export type Sample = Readonly<Record<string, number>>

export interface Sides {
  a: () => Promise<Sample>
  b: () => Promise<Sample>
}

/** How far a series has come. */
export type OnPair = (done: number, of: number) => void

/**
 * Runs both sides in fresh pairs; which of a pair goes first is chosen at random, so that neither side always meets what the
 * other left behind. Samples of one metric come in the order of the pairs.
 */
export async function runPairs(
  sides: Sides,
  count: number,
  random: () => number,
  onPair: OnPair = () => {},
): Promise<PairedSamples[]> {
  const pairs: { a: Sample; b: Sample }[] = []
  for (let pair = 0; pair < count; pair++) {
    pairs.push(random() < 0.5 ? await inOrder(sides, 'a', 'b') : await inOrder(sides, 'b', 'a'))
    onPair(pair + 1, count)
  }
  const metrics = Object.keys(pairs[0]?.a ?? {})
  return metrics.map((metric) => ({
    metric,
    a: pairs.map(({ a }) => a[metric] as number),
    b: pairs.map(({ b }) => b[metric] as number),
  }))
}

async function inOrder(sides: Sides, first: 'a' | 'b', second: 'a' | 'b'): Promise<{ a: Sample; b: Sample }> {
  const samples: Partial<Record<'a' | 'b', Sample>> = {}
  samples[first] = await sides[first]()
  samples[second] = await sides[second]()
  return samples as { a: Sample; b: Sample }
}
