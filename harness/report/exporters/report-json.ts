import { isReport } from '../report-check.generated.ts'
import type { Report } from '../schema.ts'

/** A report as report.json holds it. Throws for one that breaks its published schema: that is the harness's own mistake. */
export async function reportJson(report: Report): Promise<string> {
  if (!isReport(report)) throw await brokenReport(report)
  return `${JSON.stringify(report, null, 2)}\n`
}

/** TypeBox, which says where the mistake is, takes longer to load than an image to be judged. */
async function brokenReport(report: Report): Promise<Error> {
  const { firstMistake } = await import('../../model/first-mistake.ts')
  const { reportSchema } = await import('../schema.ts')
  return new Error(`The report breaks its schema at ${firstMistake(reportSchema, report)}`)
}
