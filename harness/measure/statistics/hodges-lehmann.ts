import { waysToSum } from './signed-rank.ts'

/** The middle of the differences, and an interval that holds it with at least the confidence asked for. */
export interface Effect {
  estimate: number
  low: number
  high: number
  /** Of the interval; less than asked for where there are too few differences. */
  confidence: number
}

/**
 * Hodges' and Lehmann's estimate: the median of all averages of two differences (Walsh averages), with the interval that
 * belongs to the signed-rank test (Hollander and Wolfe, sections 3.2 and 3.3). Needs at least one difference.
 */
export function hodgesLehmann(differences: readonly number[], confidence = 0.95): Effect {
  const averages = walshAverages(differences)
  const middle = averages.length / 2
  const at = (index: number): number => averages[index] as number
  const cut = outerAverages(differences.length, (1 - confidence) / 2)
  return {
    estimate: (at(Math.ceil(middle) - 1) + at(Math.floor(middle))) / 2,
    low: at(cut.count),
    high: at(averages.length - 1 - cut.count),
    confidence: 1 - 2 * cut.tail,
  }
}

function walshAverages(differences: readonly number[]): number[] {
  return differences
    .flatMap((one, index) => differences.slice(index).map((other) => (one + other) / 2))
    .sort((a, b) => a - b)
}

/** How many averages lie outside of the interval at each end, and the probability of that end. */
function outerAverages(count: number, tail: number): { count: number; tail: number } {
  const ways = waysToSum(Array.from({ length: count }, (_unused, index) => index + 1))
  const choices = 2 ** count
  let cumulated = (ways[0] as number) / choices
  let outside = 0
  for (let next = (ways[1] ?? 0) / choices; cumulated + next <= tail; next = (ways[outside + 1] ?? 0) / choices) {
    cumulated += next
    outside++
  }
  return { count: outside, tail: cumulated }
}
