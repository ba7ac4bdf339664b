import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { everyRun, type KnownRequirements, onDemand } from './exporters/exporters.ts'
import { makeReportFolder, notWritten } from './report-folder.ts'
import { formatFiles, mergedFormat, type ReportFormat } from './report-formats.ts'
import type { Report } from './schema.ts'

/** A file that belongs to a run's reports and has its content already. */
export interface Artifact {
  file: string
  content: string
}

/** What goes into a run's folder beside what every run writes. */
export interface FurtherFiles {
  formats?: readonly ReportFormat[]
  artifacts?: readonly Artifact[]
}

/** Writes all reports and artifacts of a run into a folder. Each appears by rename, whole or not at all. */
export async function writeReports(
  report: Report,
  folder: string,
  known: KnownRequirements,
  { formats = [], artifacts = [] }: FurtherFiles = {},
): Promise<void> {
  const ownFormats = formats.filter((format) => format !== mergedFormat)
  const exporters = [
    ...everyRun,
    ...ownFormats.map((format) => ({ file: formatFiles[format], write: onDemand[format] })),
  ]
  const files: Artifact[] = [...artifacts]
  // One after the other: the first is report.json, which refuses a report that breaks its schema before others trip over it.
  for (const { file, write } of exporters) files.push({ file, content: await write(report, known) })
  await makeReportFolder(folder)
  await Promise.all(files.map(({ file, content }) => writeWhole(join(folder, file), content)))
  if (!formats.includes(mergedFormat)) return
  const { mergeTestResults } = await import('./test-results/merge-test-results.ts')
  await mergeTestResults(report, process.env.OEQA_JSON_RESULT_DIR || folder)
}

async function writeWhole(path: string, content: string): Promise<void> {
  const growing = `${path}.${process.pid}.part`
  try {
    await writeFile(growing, content)
    await rename(growing, path)
  } catch (cause) {
    await rm(growing, { force: true })
    throw notWritten(path, cause as NodeJS.ErrnoException)
  }
}
