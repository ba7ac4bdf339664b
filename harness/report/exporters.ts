import type { Requirement } from '../requirement/requirement.ts'
import { htmlPage } from './html/page.ts'
import { junitXml } from './junit.ts'
import { reportJson } from './report-json.ts'
import type { Report } from './schema.ts'

/** Why each requirement is there, by ID. */
export type KnownRequirements = ReadonlyMap<string, Requirement>

/** One file of a run's reports: its name and what makes it from the report. */
interface Exporter {
  file: string
  write: (report: Report, known: KnownRequirements) => string
}

export const exporters: readonly Exporter[] = [
  { file: 'report.json', write: reportJson },
  { file: 'report.html', write: htmlPage },
  { file: 'junit.xml', write: junitXml },
]
