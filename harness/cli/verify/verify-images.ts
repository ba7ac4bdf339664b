import { EnvironmentFault } from '../../model/faults.ts'
import type { SuiteName } from '../../model/requirement.ts'
import type { Lifetime } from '../../platform/process/lifetime.ts'
import type { VerifyRun as VerifyCall } from '../verify-call.ts'
import { guestSuites } from './guest-suites.ts'
import type { JudgedImage } from './image-states.ts'
import { inspectImages } from './inspect-images.ts'
import { selectImages } from './select-images.ts'
import { forSuites, requireSuites } from './suites-of-image.ts'
import { openRun, type Run } from './verify-run.ts'

/** The main job, stage by stage: image, inspect, measure, boot and exercise, report. Returns the exit code. */
export async function verifyImages(call: VerifyCall, lifetime: Lifetime): Promise<number> {
  const run = await openRun(call, lifetime)
  const selected = await selectImages(run)
  const inspected = await inspectImages(run, selected)
  requireSuites(run, inspected)
  const measuring: readonly SuiteName[] = isMeasured(call) ? ['performance'] : []
  const measured = await forSuites(run, inspected, measuring, (images) => orFault(run, images, measure))
  const exercised = await forSuites(run, measured, guestSuites(run), (images) => orFault(run, images, useGuests))
  const { reportRun } = await import('./report-run.ts')
  const exitCode = await reportRun(run, exercised)
  if (call.onFailure) {
    const { offerKeptGuests } = await import('./kept-guests.ts')
    await offerKeptGuests(run, exercised)
  }
  return exitCode
}

/** Of several shards one measures. */
const isMeasured = ({ suites, shard }: VerifyCall): boolean =>
  suites.includes('performance') && (shard === undefined || shard.index === 1)

/** The stages that need guests are loaded when they are needed: vitest alone takes longer to load than the static suite. */
async function useGuests(run: Run, inspected: JudgedImage[]): Promise<JudgedImage[]> {
  const { bootImages } = await import('./boot-images.ts')
  const { exerciseImages } = await import('./exercise-images.ts')
  return exerciseImages(run, await bootImages(run, inspected))
}

async function measure(run: Run, inspected: JudgedImage[]): Promise<JudgedImage[]> {
  const { measureImages } = await import('./measure-images.ts')
  return measureImages(run, inspected)
}

type Stage = (run: Run, images: JudgedImage[]) => Promise<JudgedImage[]>

/** What the stage found; or, when the environment failed, what was known before, with the fault in the report. */
async function orFault(run: Run, before: JudgedImage[], stage: Stage): Promise<JudgedImage[]> {
  try {
    return await stage(run, before)
  } catch (error) {
    if (!(error instanceof EnvironmentFault)) throw error
    run.faults.push({ code: error.code, message: error.message })
    return before
  }
}
