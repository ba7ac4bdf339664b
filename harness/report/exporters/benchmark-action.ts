import { median } from '../../model/quantities.ts'
import { labelled } from '../image-labels.ts'
import type { Report } from '../schema.ts'

/** The metrics for github-action-benchmark, tool `customSmallerIsBetter` (its README): all of ours are better when smaller. */
export function benchmarkActionJson({ images }: Report): string {
  const entries = labelled(images, ({ metrics }) => metrics).flatMap(({ label, item: { name, unit, samples } }) => {
    const value = median(samples)
    if (value === undefined) return []
    const spread = (Math.max(...samples) - Math.min(...samples)) / 2
    const range = samples.length > 1 ? { range: `± ${Number(spread.toPrecision(4))}` } : {}
    return [{ name: `${label} ${name}`, unit, value, ...range, extra: `${samples.length} samples` }]
  })
  return `${JSON.stringify(entries, null, 2)}\n`
}
