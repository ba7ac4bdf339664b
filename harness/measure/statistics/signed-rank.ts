/**
 * Wilcoxon's signed-rank test, exact and one-sided: how likely a sum of positive ranks as large as this one is, if each
 * difference could as well have had the other sign (Hollander and Wolfe, Nonparametric Statistical Methods, section
 * 3.1). Ties share their middle rank, zeros are left out. 1 without any difference.
 */
export function signedRankP(differences: readonly number[]): number {
  const nonZero = differences.filter((difference) => difference !== 0)
  const ranks = doubledRanks(nonZero.map(Math.abs))
  const observed = nonZero.reduce((sum, difference, index) => sum + (difference > 0 ? (ranks[index] as number) : 0), 0)
  const ways = waysToSum(ranks)
  const asLarge = ways.slice(observed).reduce((sum, count) => sum + count, 0)
  return asLarge / 2 ** ranks.length
}

/** Twice the rank of each value, so that the middle of two tied ranks is whole. */
export function doubledRanks(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b)
  return values.map((value) => {
    const first = sorted.indexOf(value)
    const last = sorted.lastIndexOf(value)
    return first + last + 2
  })
}

/** How many of the 2^n choices of signs give each sum of positive ranks. */
export function waysToSum(ranks: readonly number[]): number[] {
  const total = ranks.reduce((sum, rank) => sum + rank, 0)
  const ways = new Array<number>(total + 1).fill(0)
  ways[0] = 1
  let reached = 0
  for (const rank of ranks) {
    for (let sum = reached; sum >= 0; sum--) ways[sum + rank] = (ways[sum + rank] ?? 0) + (ways[sum] ?? 0)
    reached += rank
  }
  return ways
}
