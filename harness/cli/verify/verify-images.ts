import { EnvironmentFault } from '../../model/faults.ts'
import type { SuiteName } from '../../model/requirement.ts'
import type { Lifetime } from '../../platform/process/lifetime.ts'
import type { VerifyRun as VerifyCall } from '../verify-call.ts'
import { guestSuites } from './guest-suites.ts'
import type { JudgedImage } from './image-states.ts'
import { inspectImages } from './inspect-images.ts'
import { selectImages } from './select-images.ts'
import { forSuites, isJudgedBy, requireSuites } from './suites-of-image.ts'
import { openRun, type Run } from './verify-run.ts'

/** The main job, stage by stage: image, inspect, measure, boot and exercise, report. Returns the exit code. */
export async function verifyImages(options: VerifyCall, lifetime: Lifetime): Promise<number> {
  const run = await openRun(options, lifetime)
  const selected = await selectImages(run)
  const inspected = await inspectImages(run, selected)
  requireSuites(run, inspected)
  for (const image of inspected) run.failFast.see(image, image.requirements)
  const stages = await withSandbox(run, inspected, [
    { suites: isMeasured(options) ? ['performance'] : [], stage: measure },
    { suites: guestSuites(run), stage: useGuests },
  ])
  let judged = inspected
  run.known.settle(judged)
  const closePartialReport = await partialReport(run, stages)
  for (const { suites, stage } of stages) {
    judged = await forSuites(run, judged, suites, (images) => orFault(run, images, stage))
    run.known.settle(judged)
  }
  await closePartialReport()
  const { reportRun } = await import('./report-run.ts')
  const exitCode = await reportRun(run, judged)
  if (options.onFailure) {
    const { offerKeptGuests } = await import('./kept-guests.ts')
    await offerKeptGuests(run, judged)
  }
  return exitCode
}

/** Stages that start guests take long enough for a report of what is known meanwhile. */
async function partialReport(run: Run, stages: readonly StageOfSuites[]): Promise<() => Promise<void>> {
  if (stages.length === 0) return async () => {}
  const { openPartialReport } = await import('./partial-report.ts')
  return openPartialReport(run)
}

/** Of several shards one measures. */
const isMeasured = ({ suites, shard }: VerifyCall): boolean =>
  suites.includes('performance') && (shard === undefined || shard.index === 1)

/** The stages that need guests are loaded when they are needed: vitest alone takes longer to load than the static suite. */
async function useGuests(run: Run, inspected: JudgedImage[]): Promise<JudgedImage[]> {
  const { reusingResults } = await import('./reuse-results.ts')
  return reusingResults(run, inspected, async (images) => {
    const { bootImages } = await import('./boot-images.ts')
    const { exerciseImages } = await import('./exercise-images.ts')
    return exerciseImages(run, await bootImages(run, images))
  })
}

async function measure(run: Run, inspected: JudgedImage[]): Promise<JudgedImage[]> {
  const { measureImages } = await import('./measure-images.ts')
  return measureImages(run, inspected)
}

/** Of the stages that start guests all, once QEMU is held as was asked; none where it cannot be. */
async function withSandbox(
  run: Run,
  images: readonly JudgedImage[],
  stages: readonly StageOfSuites[],
): Promise<readonly StageOfSuites[]> {
  const needed = stages.filter(({ suites }) => images.some((image) => isJudgedBy(run, image, suites)))
  if (needed.length === 0) return []
  // No guest is started: the stages only tell why.
  if (run.failFast.reason !== undefined) return needed
  const { admitQemu } = await import('../admit-qemu.ts')
  const names = new Set(images.map(({ arch }) => arch))
  try {
    await admitQemu(run.options.sandbox, names, (sentence) => run.progress.warn(sentence))
    return needed
  } catch (error) {
    noteFault(run, error)
    return []
  }
}

type Stage = (run: Run, images: JudgedImage[]) => Promise<JudgedImage[]>

/** A stage, for the images that one of its suites judges. */
interface StageOfSuites {
  suites: readonly SuiteName[]
  stage: Stage
}

/** What the stage found; or, when the environment failed, what was known before, with the fault in the report. */
async function orFault(run: Run, before: JudgedImage[], stage: Stage): Promise<JudgedImage[]> {
  try {
    return await stage(run, before)
  } catch (error) {
    noteFault(run, error)
    return before
  }
}

function noteFault({ faults }: Run, error: unknown): void {
  if (!(error instanceof EnvironmentFault)) throw error
  faults.push({ code: error.code, message: error.message })
}
