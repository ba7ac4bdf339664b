import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { allRequirements } from '../../../suites/all-requirements.ts'
import { EnvironmentFault } from '../../model/faults.ts'
import type { Lifetime } from '../../platform/process/lifetime.ts'
import { mergeReports } from '../../report/merge/merge-reports.ts'
import { readReport } from '../../report/merge/read-report.ts'
import { publishReport } from '../../report/publish-report.ts'
import { openReportFolder } from '../../report/report-folder.ts'
import type { Report } from '../../report/schema.ts'
import type { Artifact } from '../../report/write-reports.ts'
import type { MergeCall } from '../verify-call.ts'

/** Makes one report of those in the folders, writes and shows it as verify does, and returns the exit code. */
export async function mergeRuns(options: MergeCall, lifetime: Lifetime): Promise<number> {
  await openReportFolder(options.out, lifetime)
  const { folders, expect = folders.length } = options
  if (folders.length !== expect)
    throw new EnvironmentFault(
      'E_MISSING_REPORT',
      `Found ${folders.length} reports but expected ${expect}: a job produced none.`,
    )
  const reports = folders.map(readReport)
  const bills = reports.flatMap((report, index) => billsOf(folders[index] as string, report))
  const { report, artifacts } = withBills(mergeReports(reports, allRequirements), bills)
  return publishReport(report, options, { artifacts, requirements: allRequirements })
}

/** The bill of materials of an image, as one of the folders has it. */
interface Bill extends Artifact {
  sha256: string
}

/** A name that leads elsewhere is not followed. */
const billsOf = (folder: string, { images }: Report): Bill[] =>
  images.flatMap(({ billOfMaterials: file, sha256 }) => {
    if (file === undefined || basename(file) !== file || !existsSync(join(folder, file))) return []
    return [{ sha256, file, content: readFileSync(join(folder, file), 'utf8') }]
  })

/** One bill for each image, by names that differ. */
function withBills(report: Report, bills: readonly Bill[]): { report: Report; artifacts: Artifact[] } {
  const artifacts: Artifact[] = []
  const images = report.images.map((image) => {
    const bill = bills.find(({ sha256 }) => sha256 === image.sha256)
    if (!bill) return image
    const isTaken = artifacts.some(({ file }) => file === bill.file)
    const file = isTaken ? `${image.sha256.slice(0, 12)}-${bill.file}` : bill.file
    artifacts.push({ file, content: bill.content })
    return { ...image, billOfMaterials: file }
  })
  return { report: { ...report, images }, artifacts }
}
