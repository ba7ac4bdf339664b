import { median } from '../../model/quantities.ts'
import { bencherJson } from '../../report/exporters/bencher.ts'
import { benchmarkActionJson } from '../../report/exporters/benchmark-action.ts'
import { openMetricsText } from '../../report/exporters/open-metrics.ts'
import type { Metric, Report } from '../../report/schema.ts'
import type { HistoryRecord } from './record.ts'

export const exportFormats = ['hyperfine', 'bencher', 'benchmark-action', 'openmetrics'] as const
export type ExportFormat = (typeof exportFormats)[number]

/** What makes each format of the records of a history, in their order. */
export const historyExporters: Record<ExportFormat, (records: readonly HistoryRecord[]) => string> = {
  hyperfine: hyperfineJson,
  bencher: (records) => bencherJson(latestReport(records)),
  'benchmark-action': (records) => benchmarkActionJson(latestReport(records)),
  openmetrics: (records) => openMetricsText(latestReport(records)),
}

/** How many of our units are a second. */
const perSecond: Record<string, number> = { s: 1, ms: 1e3, ns: 1e9 }

/** All times in the shape of `hyperfine --export-json`, in seconds; the command tells run and metric. */
function hyperfineJson(records: readonly HistoryRecord[]): string {
  const results = records.flatMap(({ arch, at, run, metrics }) =>
    metrics.flatMap((metric) => {
      const times = secondsOf(metric)
      return times.length === 0 ? [] : [{ command: `${arch} ${metric.name} ${run ?? at}`, ...statistics(times), times }]
    }),
  )
  return `${JSON.stringify({ results }, null, 2)}\n`
}

function secondsOf({ unit, samples }: Metric): number[] {
  const units = perSecond[unit]
  return units === undefined ? [] : samples.map((sample) => sample / units)
}

function statistics(times: readonly number[]) {
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length
  const squares = times.reduce((sum, time) => sum + (time - mean) ** 2, 0)
  return {
    mean,
    stddev: times.length > 1 ? Math.sqrt(squares / (times.length - 1)) : null,
    median: median(times) ?? mean,
    min: Math.min(...times),
    max: Math.max(...times),
  }
}

/** The latest record of each architecture as a report of nothing but metrics, for the exporters of reports. */
function latestReport(records: readonly HistoryRecord[]): Report {
  const latest = [...new Map(records.map((record) => [record.arch, record])).values()]
  return {
    schemaVersion: 1,
    verdict: 'conforms',
    images: latest.map(({ arch, sha256 = '', sizeBytes = 0, metrics }) => ({
      ...{ file: arch, arch, sha256, sizeBytes, metrics },
      ...{ profile: '', requirements: [] },
    })),
    host: latest.at(-1)?.host ?? { accelerator: '', acceleratorReason: '', qemuVersion: '', cpuCount: 1 },
    harnessDurationMs: 0,
  }
}
