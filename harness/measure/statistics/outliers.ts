import { median } from '../../model/quantities.ts'

/**
 * Ten standard deviations of a normal distribution, whose median absolute deviation is 0.6745 of one: such a sample is a
 * disturbance and not the spread. It is flagged and stays in: leaving it out would be choosing the result.
 */
const farDeviations = 14.8

/** Indexes of the samples that lie too far from the median to be of the same kind. */
export function outliers(samples: readonly number[]): number[] {
  const middle = median(samples)
  if (middle === undefined) return []
  const deviation = median(samples.map((sample) => Math.abs(sample - middle))) as number
  if (deviation === 0) return []
  return samples.flatMap((sample, index) => (Math.abs(sample - middle) > farDeviations * deviation ? [index] : []))
}
