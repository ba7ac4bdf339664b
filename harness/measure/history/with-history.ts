import type { Report } from '../../report/schema.ts'
import { appendHistory, readHistory } from './history-file.ts'
import { recordsOf } from './record.ts'
import { seriesOf } from './series.ts'

/** Variables by which CI systems name the commit that is built (their documentation, "predefined variables"). */
const commitVariables = ['GITHUB_SHA', 'CI_COMMIT_SHA', 'GIT_COMMIT'] as const

/**
 * Appends what a run measured to a history and puts the trend of each metric into the report. A run without a verdict
 * is not kept: what it measured may be wrong. Throws CallFault and EnvironmentFault for the file.
 */
export async function withHistory(report: Report, path: string, environment = process.env): Promise<Report> {
  if (report.verdict === 'error') return report
  const { records: earlier } = await readHistory(path)
  const run = commitVariables.map((name) => environment[name]).find(Boolean)
  const records = recordsOf(report, run)
  await appendHistory(path, records)
  return {
    ...report,
    images: report.images.map((image, index) => {
      const record = records[index]
      return record ? { ...image, history: seriesOf(record, earlier) } : image
    }),
  }
}
