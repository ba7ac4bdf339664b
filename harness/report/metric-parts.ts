import { printableLine } from '../model/printable.ts'
import { formatValue, median } from '../model/quantities.ts'
import type { History } from './details-schema.ts'
import type { Metric } from './schema.ts'

/** The metrics as text, those whose names share their first word together: `boot: kernel 1.2 s, init 3.0 s`; medians of the samples, with their change where there is a baseline. */
export function metricParts(metrics: readonly Metric[], history: readonly History[] = []): string[] {
  const groups = [...Map.groupBy(metrics, ({ name }) => name.split('_')[0] as string)]
  return groups
    .toSorted(([a], [b]) => position(a) - position(b))
    .flatMap(([group, members]) => {
      const values = members.flatMap((metric) => metricText(metric, history))
      return values.length === 0 ? [] : [`${printableLine(group)}: ${values.join(', ')}`]
    })
}

/** First words of names in the order in which things happen; all others come last. */
const order = ['image', 'boot', 'daemon', 'pull', 'run']

const position = (group: string): number => (order.includes(group) ? order.indexOf(group) : order.length)

/** Most phases wait for nothing, and each has its metric all the same. */
const isNoWait = (name: string, value: number): boolean => value === 0 && name.endsWith('_wait_ns')

function metricText({ name, unit, samples }: Metric, history: readonly History[]): string[] {
  const value = median(samples)
  if (value === undefined || isNoWait(name, value)) return []
  const words = name.split('_').slice(1)
  const label = words.at(-1) === unit ? words.slice(0, -1) : words
  const baseline = history.find(({ metric }) => metric === name)?.baseline
  const written = `${formatValue(value, unit)}${baseline ? ` (${change(value / baseline)})` : ''}`
  return [printableLine([...label, written].join(' '))]
}

/** How a value compares with its baseline, which is 1: `+4.2 %`. */
const change = (ratio: number): string => `${ratio < 1 ? '−' : '+'}${Math.abs((ratio - 1) * 100).toFixed(1)} %`
