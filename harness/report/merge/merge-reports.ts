import { basename } from 'node:path'
import { defaultEngine } from '../../model/engine.ts'
import { isAskedOf, type Requirement } from '../../model/requirement.ts'
import type { Finding, Metric, RequirementResult } from '../../model/result.ts'
import type { Status } from '../../model/status.ts'
import { judge } from '../judge.ts'
import type { ImageReport, Report } from '../schema.ts'

/**
 * One report of many: of the shards of a run, of runs on several images, or of both. What a shard should have answered
 * and did not is an error, and so is a shard that is missing; the verdict is judged anew.
 */
export function mergeReports(reports: readonly Report[], known: ReadonlyMap<string, Requirement>): Report {
  const groups = [...Map.groupBy(reports.flatMap(partsOf), ({ image }) => imageKey(image)).values()]
  const images = groups.map((parts) => mergeImage(parts, known))
  const missing = groups.flatMap(missingShards)
  const faults = [...new Set([...reports.flatMap((report) => report.faults ?? []), ...missing])]
  const details = [
    ...reports.flatMap((report) => report.faultDetails ?? []),
    ...missing.map((message) => ({ code: 'E_MISSING_REPORT', message })),
  ]
  const [first] = reports as [Report]
  const startedAt = reports.flatMap((report) => report.startedAt ?? []).toSorted()[0]
  return {
    schemaVersion: 1,
    ...(first.harnessVersion !== undefined && { harnessVersion: first.harnessVersion }),
    ...(startedAt !== undefined && { startedAt }),
    ...sameSeed(reports),
    verdict: judge(images, faults),
    images,
    ...(faults.length > 0 && { faults, faultDetails: onePerMessage(details) }),
    host: {
      accelerator: joined(reports, ({ host }) => host.accelerator),
      acceleratorReason: joined(reports, ({ host }) => host.acceleratorReason),
      qemuVersion: joined(reports, ({ host }) => host.qemuVersion),
      ...confinementOf(reports),
      cpuCount: Math.max(...reports.map(({ host }) => host.cpuCount)),
    },
    // They ran side by side.
    harnessDurationMs: Math.max(...reports.map(({ harnessDurationMs }) => harnessDurationMs)),
  }
}

/** Shards of one machine report the same fault. */
const onePerMessage = (details: NonNullable<Report['faultDetails']>) => [
  ...new Map(details.map((detail) => [detail.message, detail])).values(),
]

/** Runs with seeds of their own have none together. */
function sameSeed(reports: readonly Report[]): Pick<Report, 'seed'> {
  const [seed, ...others] = new Set(reports.map((report) => report.seed))
  return seed === undefined || others.length > 0 ? {} : { seed }
}

/** What held the guests of all runs that started some, in each way that there was. */
function confinementOf(reports: readonly Report[]): Pick<Report['host'], 'confinement' | 'confinementGaps'> {
  const texts = new Set(reports.flatMap(({ host }) => host.confinement ?? []))
  const gaps = new Set(reports.flatMap(({ host }) => host.confinementGaps ?? []))
  return {
    ...(texts.size > 0 && { confinement: [...texts].join('; ') }),
    ...(gaps.size > 0 && { confinementGaps: [...gaps] }),
  }
}

/** An image as one report has it. */
interface Part {
  image: ImageReport
  shard: NonNullable<Report['shard']>
}

const wholeRun = { index: 1, count: 1, expected: [] }

const partsOf = ({ images, shard = wholeRun }: Report): Part[] => images.map((image) => ({ image, shard }))

/** What is tested: the same file by the same profile. */
const imageKey = ({ sha256, arch, profile }: ImageReport): string => `${sha256} ${arch} ${profile}`

const joined = (reports: readonly Report[], pick: (report: Report) => string): string =>
  [...new Set(reports.map(pick))].join('; ')

/** Sentences on shards that are not there, there twice, or cut differently. */
function missingShards(parts: readonly Part[]): string[] {
  const [{ image, shard }] = parts as [Part]
  const name = `${image.arch} ${basename(image.file)}`
  if (parts.some((part) => part.shard.count !== shard.count))
    return [`The reports on ${name} are shards of different runs: their counts differ.`]
  return Array.from({ length: shard.count }, (_, index) => index + 1).flatMap((index) => {
    const number = parts.filter((part) => part.shard.index === index).length
    if (number === 0) return [`Shard ${index} of ${shard.count} on ${name} is missing: its job left no report.`]
    return number > 1 ? [`Shard ${index} of ${shard.count} on ${name} is there ${number} times.`] : []
  })
}

function mergeImage(parts: readonly Part[], known: ReadonlyMap<string, Requirement>): ImageReport {
  const images = parts.map(({ image }) => image)
  const [first] = images as [ImageReport]
  const kernel = images.map((image) => image.kernel).find(Boolean)
  const measurement = images.map((image) => image.measurement).find(Boolean)
  const boots = images.flatMap((image) => image.boots ?? [])
  const pulls = images.flatMap((image) => image.pulls ?? [])
  return {
    ...first,
    ...(kernel && { kernel }),
    ...(measurement && { measurement }),
    requirements: mergeResults(parts, known),
    metrics: mergeMetrics(images),
    ...(boots.length > 0 && { boots }),
    ...(pulls.length > 0 && { pulls }),
  }
}

function mergeResults(parts: readonly Part[], known: ReadonlyMap<string, Requirement>): RequirementResult[] {
  const results = parts.flatMap(({ image }) => image.requirements)
  const byId = Map.groupBy(results, ({ id }) => id)
  const engine = parts[0]?.image.engine ?? defaultEngine
  const isAsked = (id: string) => isAskedOf(engine, known.get(id) ?? {})
  const unanswered = new Set(parts.flatMap(({ shard }) => shard.expected).filter((id) => !byId.has(id) && isAsked(id)))
  return [...[...byId.values()].map(worstOf), ...[...unanswered].map((id) => unansweredResult(id, known.get(id)))]
}

/** The worst result of several counts; a shard that did not ask says nothing. */
const weight: Record<Status, number> = {
  error: 6,
  fail: 5,
  blocked: 4,
  waived: 3,
  pass: 2,
  skip: 1,
  'not-applicable': 0,
}

function worstOf(results: readonly RequirementResult[]): RequirementResult {
  const sorted = results.toSorted((a, b) => weight[b.status] - weight[a.status])
  const [worst] = sorted as [RequirementResult]
  const same = sorted.filter(({ status, blockedBy }) => status === worst.status && blockedBy === worst.blockedBy)
  return { ...worst, findings: distinctFindings(same.flatMap(({ findings }) => findings)) }
}

const distinctFindings = (findings: readonly Finding[]): Finding[] => [
  ...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values(),
]

const unansweredResult = (id: string, requirement: Requirement | undefined): RequirementResult => ({
  id,
  suite: requirement?.suite ?? 'boot',
  title: requirement?.title ?? 'A requirement that this harness does not know',
  severity: requirement?.severity ?? 'blocker',
  status: 'error',
  durationMs: 0,
  findings: [{ message: 'No shard answered for this requirement.' }],
})

/** Samples of all shards; an exact value, which every shard has alike, counts once. */
function mergeMetrics(images: readonly ImageReport[]): Metric[] {
  const byName = Map.groupBy(
    images.flatMap(({ metrics }) => metrics),
    ({ name, tier }) => `${name} ${tier}`,
  )
  return [...byName.values()].map((group) => {
    const [first] = group as [Metric]
    return first.tier === 0 ? first : { ...first, samples: group.flatMap(({ samples }) => samples) }
  })
}
