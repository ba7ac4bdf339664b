import { median } from '../../model/quantities.ts'
import type { Metric } from '../../model/result.ts'
import { labelled } from '../image-labels.ts'
import type { Report } from '../schema.ts'

/** Bencher's own measures by our units, and what one of ours is of theirs (bencher.dev, "Thresholds and Measures"): latency counts nanoseconds. */
const measures: Record<string, { measure: string; factor: number }> = {
  ms: { measure: 'latency', factor: 1e6 },
  s: { measure: 'latency', factor: 1e9 },
  bytes: { measure: 'file-size', factor: 1 },
}

/** The metrics in Bencher Metric Format: the median with the least and the most sample as its bounds. */
export function bencherJson({ images }: Report): string {
  const entries = labelled(images, ({ metrics }) => metrics).flatMap(({ item, label }) => {
    const values = valuesOf(item)
    return values ? [[`${label} ${item.name}`, values] as const] : []
  })
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`
}

function valuesOf({ samples, unit }: Metric) {
  const middle = median(samples)
  if (middle === undefined) return undefined
  const { measure, factor } = measures[unit] ?? { measure: unit, factor: 1 }
  const values = { value: middle, lower_value: Math.min(...samples), upper_value: Math.max(...samples) }
  return { [measure]: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value * factor])) }
}
