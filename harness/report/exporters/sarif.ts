import { basename } from 'node:path'
import type { Log, Notification, ReportingDescriptor, Result, Run } from 'sarif'
import { printable } from '../../model/printable.ts'
import type { Requirement, Severity } from '../../model/requirement.ts'
import type { Finding, RequirementResult } from '../../model/result.ts'
import { blockedByCause } from '../causes.ts'
import { imageLabels } from '../image-labels.ts'
import type { ImageReport, Report } from '../schema.ts'

/** Findings of one requirement that are reported; code scanning services take some thousand results of a run. */
const maxFindings = 100

const levels: Record<Severity, NonNullable<Result['level']>> = {
  blocker: 'error',
  error: 'error',
  warning: 'warning',
  info: 'note',
}

/** The report as SARIF 2.1.0 (OASIS): a run for each image, a rule for each requirement, a result for each finding. */
export function sarifJson(report: Report, known: ReadonlyMap<string, Requirement>): string {
  const labels = imageLabels(report.images)
  const runs = report.images.map((image, index) => runOf(report, image, labels[index] as string, known))
  const log: Log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: runs.length > 0 ? runs : [emptyRun(report)],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

/** Foreign text without control characters and embedded links (SARIF 2.1.0, 3.11.6: an escaped bracket ends no link text). */
const plain = (text: string): string => printable(text).replaceAll('](', '\\](')

const driverOf = ({ harnessVersion }: Report, rules: ReportingDescriptor[]): Run['tool'] => ({
  driver: { name: 'vpdmn-conformance', ...(harnessVersion && { version: harnessVersion }), rules },
})

const emptyRun = (report: Report): Run => ({
  tool: driverOf(report, []),
  invocations: [invocationOf(report, [])],
  results: [],
})

function runOf(report: Report, image: ImageReport, label: string, known: ReadonlyMap<string, Requirement>): Run {
  const { requirements, file, sha256, sizeBytes } = image
  const blocked = blockedByCause(requirements)
  const rules = requirements.map((result) => ruleOf(result, known.get(result.id)))
  return {
    tool: driverOf(report, rules),
    automationDetails: { id: `vpdmn-conformance/${label}` },
    invocations: [invocationOf(report, requirements)],
    artifacts: [{ location: { uri: uriOf(basename(file)) }, length: sizeBytes, hashes: { 'sha-256': sha256 } }],
    results: requirements.flatMap((result, ruleIndex) => resultsOf(result, ruleIndex, blocked.get(result.id))),
  }
}

function ruleOf({ id, title, severity }: RequirementResult, requirement: Requirement | undefined): ReportingDescriptor {
  return {
    id,
    shortDescription: { text: plain(title) },
    defaultConfiguration: { level: levels[severity] },
    ...(requirement && {
      fullDescription: { text: requirement.why },
      help: { text: `${requirement.remedy}\n\nSource: ${requirement.source}` },
    }),
  }
}

/**
 * A waiver is a suppression. What passed, what was skipped and what does not apply is no result; what is blocked is a
 * property of its cause.
 */
function resultsOf(
  result: RequirementResult,
  ruleIndex: number,
  blocked: readonly RequirementResult[] | undefined,
): Result[] {
  if (result.status !== 'fail' && result.status !== 'waived') return []
  const findings = result.findings.length > 0 ? result.findings.slice(0, maxFindings) : [{ message: result.title }]
  return findings.map((finding) => ({
    ruleId: result.id,
    ruleIndex,
    level: levels[result.severity],
    message: { text: messageOf(finding) },
    locations: [locationOf(finding)],
    ...(result.status === 'waived' && { suppressions: [{ kind: 'external' as const, status: 'accepted' as const }] }),
    ...(blocked && { properties: { blocks: blocked.map(({ id }) => id) } }),
  }))
}

const messageOf = ({ message, remedy }: Finding): string =>
  plain(remedy === undefined ? message : `${message}\n${remedy}`)

/** A path inside the image, relative as code scanning services want it; the image itself where no file is to blame. */
const locationOf = ({ path }: Finding) => ({
  physicalLocation: { artifactLocation: path === undefined ? { uri: '.', index: 0 } : { uri: uriOf(path) } },
})

const uriOf = (path: string): string =>
  path
    .replace(/^\/+/, '')
    .split('/')
    .map((part) => encodeURIComponent(part.toWellFormed()))
    .join('/') || '.'

function invocationOf(report: Report, requirements: readonly RequirementResult[]) {
  const broken = requirements.filter(({ status }) => status === 'error')
  const notifications: Notification[] = [
    ...(report.faults ?? []).map((text) => ({ level: 'error' as const, message: { text: plain(text) } })),
    ...broken.map(({ id, findings }) => ({
      level: 'error' as const,
      message: { text: plain(findings[0]?.message ?? 'The check failed with an error.') },
      associatedRule: { id },
    })),
  ]
  return {
    executionSuccessful: report.verdict !== 'error',
    ...(report.startedAt !== undefined && { startTimeUtc: report.startedAt }),
    toolExecutionNotifications: notifications,
  }
}
