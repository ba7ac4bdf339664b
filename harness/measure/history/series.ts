import { median } from '../../model/quantities.ts'
import type { Metric } from '../../model/result.ts'
import type { History } from '../../report/details-schema.ts'
import { changePoints } from './change-points.ts'
import type { HistoryRecord } from './record.ts'

/** Points of a series that a report shows. */
const maxPoints = 400

/**
 * The series of each metric of a record over those with the same key, oldest first, the record's own point last. Exact
 * metrics need the same machine and workload; the others the same host.
 */
export function seriesOf(record: HistoryRecord, earlier: readonly HistoryRecord[]): History[] {
  return record.metrics.flatMap((metric) => {
    const comparable = [...earlier.filter((other) => isComparable(metric, record, other)), record]
    const points = comparable.flatMap((each) => pointOf(each, metric)).slice(-maxPoints)
    if (points.length === 0) return []
    const changed = changePoints(points.map(({ value }) => value))
    return [{ metric: metric.name, unit: metric.unit, points, changePoints: changed }]
  })
}

function isComparable({ tier }: Metric, one: HistoryRecord, other: HistoryRecord): boolean {
  if (one.arch !== other.arch) return false
  const part = tier === 0 ? 'measurement' : 'host'
  return JSON.stringify(one[part]) === JSON.stringify(other[part])
}

function pointOf({ at, run, metrics }: HistoryRecord, { name, tier }: Metric): History['points'] {
  const value = median(metrics.find((metric) => metric.name === name && metric.tier === tier)?.samples ?? [])
  return value === undefined ? [] : [{ at, value, ...(run !== undefined && { run }) }]
}
