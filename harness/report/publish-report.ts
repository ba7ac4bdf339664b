import { terminalStyle } from '../platform/terminal/terminal-style.ts'
import { withUnexplainedBroken } from './causes.ts'
import type { KnownRequirements } from './exporters/exporters.ts'
import { reportJson } from './exporters/report-json.ts'
import { tellGitHub, withoutCommands } from './git-hub.ts'
import { verdictExitCodes } from './judge.ts'
import type { ReportFormat } from './report-formats.ts'
import type { Report } from './schema.ts'
import { summaryText } from './summary.ts'
import { type Artifact, writeReports } from './write-reports.ts'

export interface PublishOptions {
  /** Folder of the reports. */
  out: string
  /** report.json on stdout instead of the summary. */
  json: boolean
  formats: readonly ReportFormat[]
}

/** Writes a report in all its forms, shows it, tells a CI system of it, and returns the exit code of its verdict. */
export async function publishReport(
  judged: Report,
  { out, json, formats }: PublishOptions,
  { artifacts, requirements }: { artifacts: readonly Artifact[]; requirements: KnownRequirements },
): Promise<number> {
  const report = withUnexplainedBroken(judged)
  await writeReports(report, out, requirements, { formats, artifacts })
  process.stderr.write(await tellGitHub(report))
  process.stdout.write(
    json ? await reportJson(report) : withoutCommands(summaryText(report, out, terminalStyle(process.stdout))),
  )
  return verdictExitCodes[report.verdict]
}
