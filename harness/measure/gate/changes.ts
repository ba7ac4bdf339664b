import { median } from '../../model/quantities.ts'
import type { Metric } from '../../report/schema.ts'
import { type Limit, limitOf } from './limits.ts'

/** How one exact metric differs from the baseline. */
export interface Change {
  metric: string
  unit: string
  before: number
  after: number
  /** Of the metric itself; a wait in percent of its whole phase, work and waiting together. */
  percent: number
  /** `slower`: over the limit that fails; `drifted`: over the one that is reported, either way; else `same`. */
  judgement: 'slower' | 'drifted' | 'same'
}

/** Compares all exact metrics that a limit is set for. What only one side has is not compared. */
export function changes(baseline: readonly Metric[], fresh: readonly Metric[], limits: readonly Limit[]): Change[] {
  const before = exactValues(baseline)
  return [...exactValues(fresh)].flatMap(([name, { unit, value }]) => {
    const limit = limitOf(name, limits)
    const old = before.get(name)
    if (!limit || !old) return []
    const percent = percentOf(value - old.value, wholeOf(name, before))
    return [{ metric: name, unit, before: old.value, after: value, percent, judgement: judge(percent, limit) }]
  })
}

type Values = ReadonlyMap<string, { unit: string; value: number }>

const exactValues = (metrics: readonly Metric[]): Values =>
  new Map(
    metrics
      .filter(({ tier }) => tier === 0)
      .flatMap(({ name, unit, samples }) => {
        const value = median(samples)
        return value === undefined ? [] : [[name, { unit, value }] as const]
      }),
  )

/** One instruction is one nanosecond, so that work and waiting of a phase can be added. */
function wholeOf(name: string, values: Values): number {
  const phase = /^exact_(.+)_wait_ns$/.exec(name)?.[1]
  const own = values.get(name)?.value ?? 0
  return phase === undefined ? own : own + (values.get(`exact_${phase}_instructions`)?.value ?? 0)
}

function percentOf(difference: number, whole: number): number {
  if (difference === 0) return 0
  return whole === 0 ? Math.sign(difference) * 100 : (difference / whole) * 100
}

function judge(percent: number, { failPercent, reportPercent }: Limit): Change['judgement'] {
  if (percent > failPercent) return 'slower'
  return Math.abs(percent) > reportPercent ? 'drifted' : 'same'
}
