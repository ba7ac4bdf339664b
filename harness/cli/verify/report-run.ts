import { cpus } from 'node:os'
import { allRequirements } from '../../../suites/all-requirements.ts'
import { requirementsOf } from '../../../suites/requirements.ts'
import { architectures } from '../../model/architecture.ts'
import { EnvironmentFault } from '../../model/faults.ts'
import type { SuiteName } from '../../model/requirement.ts'
import { harnessVersion } from '../../platform/harness-version.ts'
import { judge } from '../../report/judge.ts'
import { publishReport } from '../../report/publish-report.ts'
import type { ImageReport, Report } from '../../report/schema.ts'
import { type BillFileNames, billFileNames, billsOf } from './bill-file-names.ts'
import { guestSuites } from './guest-suites.ts'
import type { JudgedImage } from './image-states.ts'
import { suitesForImage } from './suites-of-image.ts'
import type { Run } from './verify-run.ts'

/**
 * Judges the run, writes its reports, shows the summary or report.json on stdout, and returns the exit code. A run that
 * was interrupted has lost its guests and keeps the report of what was known before.
 */
export async function reportRun(run: Run, images: readonly JudgedImage[]): Promise<number> {
  if (run.lifetime.hasEnded) throw new EnvironmentFault('E_INTERRUPTED', 'The run was interrupted.')
  const billFiles = billFileNames(images)
  const report = await keptInHistory(run, await reportOf(run, images, billFiles))
  run.progress.close()
  const exitCode = await publishReport(report, run.options, {
    artifacts: billsOf(images, billFiles),
    requirements: allRequirements,
  })
  if (run.options.attest !== undefined) {
    const { attestRun } = await import('./attest-run.ts')
    await attestRun(run, images, report, run.options.attest)
  }
  return exitCode
}

async function keptInHistory({ options }: Run, report: Report): Promise<Report> {
  if (options.history === undefined) return report
  const { withHistory } = await import('../../measure/history/with-history.ts')
  return withHistory(report, options.history)
}

/** What all shards together answer by tests of guests. */
const expectedIds = (run: Run): string[] => requirementsOf(guestSuites(run), run.options.quick).map(({ id }) => id)

/** The report of a run with its verdict. */
export async function reportOf(run: Run, images: readonly JudgedImage[], billFiles: BillFileNames): Promise<Report> {
  const imageReports = images.map((image) => ({
    ...imageReport(image, billFiles),
    ...notJudged(suitesForImage(run, image).others),
  }))
  const faults = run.faults.map(({ message }) => message)
  return {
    schemaVersion: 1,
    harnessVersion: harnessVersion(),
    startedAt: run.startedAt.toISOString(),
    ...(guestSuites(run).length > 0 && { seed: run.options.seed }),
    ...(run.options.shard && { shard: { ...run.options.shard, expected: expectedIds(run) } }),
    verdict: judge(imageReports, faults),
    images: imageReports,
    ...(faults.length > 0 && { faults, faultDetails: run.faults }),
    host: await hostReport(run, images),
    harnessDurationMs: Date.now() - run.startedAt.getTime(),
  }
}

const notJudged = (suites: SuiteName[]): Pick<ImageReport, 'notJudgedBy'> =>
  suites.length > 0 ? { notJudgedBy: suites } : {}

function imageReport(judged: JudgedImage, billFiles: BillFileNames): ImageReport {
  const { image, arch, profile, profileReason, waiverBook, requirements, metrics, kernel, boots, pulls } = judged
  const ranIds = new Set(requirements.map(({ id }) => id))
  return {
    file: image.path,
    sha256: image.sha256,
    sizeBytes: image.sizeBytes,
    arch,
    engine: profile.contract.engine,
    profile: profile.name,
    ...(profileReason !== undefined && { profileReason }),
    ...(kernel && { kernel }),
    requirements: [...requirements, ...waiverBook.review(ranIds)],
    metrics: [...metrics],
    ...(judged.measurement && { measurement: judged.measurement }),
    billOfMaterials: billFiles.get(judged) as string,
    ...(boots && { boots: [...boots] }),
    ...(pulls && { pulls: [...pulls] }),
    configuration: judged.configuration,
    packages: judged.packages,
  }
}

async function hostReport({ accelerators }: Run, images: readonly JudgedImage[]): Promise<Report['host']> {
  const cpuCount = cpus().length
  if (accelerators.size === 0)
    return { accelerator: 'none', acceleratorReason: whyNoGuest(images), qemuVersion: 'not used', cpuCount }
  const { qemuVersion } = await import('../../machine/qemu-version.ts')
  const { confinementText, sandboxGaps } = await import('../../machine/confined-qemu.ts')
  const [accelerator, acceleratorReason] = wordsOf(accelerators)
  const used = [...accelerators.keys()].map((arch) => architectures[arch])
  const versions = new Set(await Promise.all(used.map(qemuVersion)))
  const confinements = new Set(await Promise.all(used.map(confinementText)))
  const gaps = new Set((await Promise.all(used.map(sandboxGaps))).flat())
  return {
    accelerator,
    acceleratorReason,
    qemuVersion: [...versions].join(', '),
    confinement: [...confinements].join('; '),
    ...(gaps.size > 0 && { confinementGaps: [...gaps] }),
    cpuCount,
  }
}

const whyNoGuest = (images: readonly JudgedImage[]): string =>
  images.some(({ reuse }) => reuse) ? 'no guest was started: what was asked of them is reused' : 'no guest was started'

function wordsOf(accelerators: Run['accelerators']): [string, string] {
  const names = new Set([...accelerators.values()].map(({ accelerator }) => accelerator))
  const reasons = [...accelerators].map(([arch, { reason }]) => `${arch}: ${reason}`)
  return [[...names].join(', '), reasons.join('; ')]
}
