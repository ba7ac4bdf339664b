import { type Effect, hodgesLehmann } from './hodges-lehmann.ts'
import { holm } from './holm.ts'
import { outliers } from './outliers.ts'
import { signedRankP } from './signed-rank.ts'

/** One metric of two images, measured in pairs: the n-th of one belongs to the n-th of the other. */
export interface PairedSamples {
  metric: string
  a: readonly number[]
  b: readonly number[]
}

export interface PairedResult {
  metric: string
  /** How much longer B takes than A, in percent, with its 95 % interval. */
  percent: number
  lowPercent: number
  highPercent: number
  /** That B is not slower, one-sided and adjusted for the number of metrics. */
  p: number
  /** Worth to be confirmed by fresh pairs. */
  suspected: boolean
  /** Pairs with a sample far from all others, counted from 0; they are part of the result. */
  outlierPairs: number[]
}

/** Least difference that is called one, and the error that is allowed; then that of the confirmation, and of all pairs. */
const minPercent = 5
const firstP = 0.01
const confirmingP = 0.05
const pooledP = 0.005
const minPairs = 8

/**
 * Pairs that can show a difference at all: with fewer, even the clearest result is not rare enough once it is adjusted
 * for the number of metrics.
 */
export function pairsNeeded(metricCount: number): number {
  return Math.max(minPairs, Math.floor(Math.log2(metricCount / firstP)) + 1)
}

/** Compares all metrics of a first series. A `suspected` one must be confirmed before it counts. */
export function comparePaired(metrics: readonly PairedSamples[]): PairedResult[] {
  const adjusted = holm(metrics.map((samples) => signedRankP(logRatios(samples))))
  return metrics.map((samples, index) => {
    const effect = hodgesLehmann(logRatios(samples))
    const p = adjusted[index] as number
    return {
      ...{ metric: samples.metric, ...inPercent(effect), p },
      suspected: p < firstP && percentOf(effect.estimate) > minPercent,
      outlierPairs: [...new Set([...outliers(samples.a), ...outliers(samples.b)])].sort((one, other) => one - other),
    }
  })
}

/** Whether fresh pairs, and all pairs together, bear a suspicion out. */
export function confirms(first: PairedSamples, fresh: PairedSamples): boolean {
  const pooled = { ...first, a: [...first.a, ...fresh.a], b: [...first.b, ...fresh.b] }
  const effect = hodgesLehmann(logRatios(pooled))
  return (
    signedRankP(logRatios(fresh)) < confirmingP &&
    signedRankP(logRatios(pooled)) < pooledP &&
    percentOf(effect.estimate) > minPercent
  )
}

/** Ratios make a slow moment of the machine, which meets both of a pair, drop out. */
const logRatios = ({ metric, a, b }: PairedSamples): number[] => {
  if (a.length !== b.length || a.length === 0) throw new Error(`The samples of ${metric} are not pairs.`)
  return a.map((sample, index) => Math.log((b[index] as number) / sample))
}

const percentOf = (logRatio: number): number => (Math.exp(logRatio) - 1) * 100

const inPercent = ({ estimate, low, high }: Effect) => ({
  percent: percentOf(estimate),
  lowPercent: percentOf(low),
  highPercent: percentOf(high),
})
