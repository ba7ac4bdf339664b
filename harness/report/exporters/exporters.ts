import type { Requirement } from '../../model/requirement.ts'
import { htmlPage } from '../html/page.ts'
import type { mergedFormat, ReportFormat } from '../report-formats.ts'
import type { Report } from '../schema.ts'
import { badgeSvg } from './badge.ts'
import { bencherJson } from './bencher.ts'
import { benchmarkActionJson } from './benchmark-action.ts'
import { bootTraceJson } from './boot-trace.ts'
import { junitXml } from './junit.ts'
import { markdownText } from './markdown.ts'
import { openMetricsText } from './open-metrics.ts'
import { reportJson } from './report-json.ts'
import { sarifJson } from './sarif.ts'
import { tapText } from './tap.ts'

/** Why each requirement is there, by ID. */
export type KnownRequirements = ReadonlyMap<string, Requirement>

type Write = (report: Report, known: KnownRequirements) => string | Promise<string>

/** The files that every run writes, and what makes each from the report. */
export const everyRun: readonly { file: string; write: Write }[] = [
  { file: 'report.json', write: reportJson },
  { file: 'report.html', write: htmlPage },
  { file: 'junit.xml', write: junitXml },
]

/** What makes each of the reports that `--format` adds, but for the one that joins others. */
export const onDemand: Record<Exclude<ReportFormat, typeof mergedFormat>, Write> = {
  sarif: sarifJson,
  markdown: markdownText,
  tap: tapText,
  trace: bootTraceJson,
  openmetrics: openMetricsText,
  bencher: bencherJson,
  'benchmark-action': benchmarkActionJson,
  badge: badgeSvg,
}
