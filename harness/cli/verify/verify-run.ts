import { join } from 'node:path'
import { readUserBootFiles, type UserBootFilesByArch } from '../../image/boot-files/user-boot-files.ts'
import type { ArchitectureName } from '../../model/architecture.ts'
import type { EnvironmentFault } from '../../model/faults.ts'
import { cacheRoot } from '../../platform/cache/cache.ts'
import type { Lifetime } from '../../platform/process/lifetime.ts'
import { openRunFolder } from '../../platform/process/run-folder.ts'
import { openProgress, type Progress } from '../../platform/terminal/progress.ts'
import { TaskDurations } from '../../platform/terminal/task-durations.ts'
import { openReportFolder } from '../../report/report-folder.ts'
import { AnswerHistory } from '../../run/answer-history.ts'
import type { VerifyRun as VerifyCall } from '../verify-call.ts'
import { FailFast } from './fail-fast.ts'
import { KnownResults } from './known-results.ts'

/** One run of verify: what was asked, and what belongs to the run and not to an image. */
export interface Run {
  options: VerifyCall
  lifetime: Lifetime
  progress: Progress
  /** This run's temporary folder; the lifetime removes it. */
  folder: string
  startedAt: Date
  /** What ended the run early, if anything did. */
  failFast: FailFast
  /** How earlier runs answered, and how this one does. */
  answerHistory: AnswerHistory
  /** What is known before the run ends. */
  known: KnownResults
  /** Kernels and initramfs that the user named, read once. Throws CallFault for those that cannot be used. */
  userBootFiles: () => Promise<UserBootFilesByArch>
  /** What failed outside of the images. */
  faults: Pick<EnvironmentFault, 'code' | 'message'>[]
  /** What executed the guests, in words, by architecture; empty where none was started. */
  accelerators: Map<ArchitectureName, { accelerator: string; reason: string }>
}

/** Tasks of one title take different times in runs of different extent. */
function ofKind(durations: TaskDurations, { quick, shard, suites, architectures, jobs, failFast }: VerifyCall) {
  const kind = JSON.stringify([quick, shard?.count, suites, architectures, jobs, failFast])
  return {
    expectedMs: (title: string) => durations.expectedMs(`${kind} ${title}`),
    note: (title: string, durationMs: number) => durations.note(`${kind} ${title}`, durationMs),
  }
}

/** Opens the folders and the progress of a run; its lifetime closes them. */
export async function openRun(options: VerifyCall, lifetime: Lifetime): Promise<Run> {
  await openReportFolder(options.out, lifetime)
  // One that cannot sign ends the run before its first hour, and not after its last.
  if (options.attest !== undefined) (await import('../../attest/signing-key.ts')).readSigningKey(options.attest)
  const folder = await openRunFolder(lifetime)
  // A cache of the run's own is empty when it begins and gone when it ends.
  if (!options.useCache) process.env.XDG_CACHE_HOME = join(folder, 'cache')
  const durations = new TaskDurations(join(cacheRoot(), 'durations.json'))
  const answerHistory = new AnswerHistory(join(cacheRoot(), 'answers.json'))
  const progress = openProgress({ ...options, durations: ofKind(durations, options) })
  lifetime.defer(() => durations.save())
  lifetime.defer(() => answerHistory.save())
  lifetime.defer(() => progress.close())
  let userFiles: Promise<UserBootFilesByArch> | undefined
  const userBootFiles = () => (userFiles ??= readUserBootFiles(options))
  return {
    options,
    lifetime,
    progress,
    folder,
    userBootFiles,
    startedAt: new Date(),
    failFast: new FailFast(options.failFast),
    answerHistory,
    known: new KnownResults(),
    faults: [],
    accelerators: new Map(),
  }
}

/** Where a run keeps the guests of tests that failed. */
export const snapshotsFolder = ({ out }: VerifyCall): string => join(out, 'snapshots')
