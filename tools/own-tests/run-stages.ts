import { existsSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { formatDuration } from '../../harness/model/quantities.ts'
import { projectFolder } from '../../harness/platform/call-folder.ts'
import type { Lifetime } from '../../harness/platform/process/lifetime.ts'
import { type ChildEnd, startChild } from '../../harness/platform/process/start-child.ts'
import { terminalStyle } from '../../harness/platform/terminal/terminal-style.ts'
import { addCounts, type Counts, countsLine, noCounts } from './counts.ts'
import type { Stage } from './stages.ts'

const resultsFolder = join(projectFolder, 'reports', 'out', 'test')

/** Longer than an entry of the harness takes for its clean-up. */
const endTimeoutMs = 15_000

interface StageOutcome {
  counts: Counts
  /** The stage said nothing about what it tests: its environment failed, or it did not end. */
  isFault: boolean
}

/** Runs all stages, whatever comes of each, prints the sum as the last line, and returns the exit code: 0, 1 or 3. */
export async function runStages(
  stages: readonly Stage[],
  lifetime: Lifetime,
  folder: string = resultsFolder,
): Promise<number> {
  const outcomes: StageOutcome[] = []
  for (const [index, stage] of stages.entries())
    outcomes.push(await runStage(stage, join(folder, String(index + 1)), lifetime))
  const total = outcomes.reduce((sum, { counts }) => addCounts(sum, counts), noCounts)
  process.stdout.write(`${countsLine(total)}\n`)
  if (outcomes.some(({ isFault }) => isFault)) return 3
  return total.failed > 0 || total.passed === 0 ? 1 : 0
}

async function runStage(stage: Stage, folder: string, lifetime: Lifetime): Promise<StageOutcome> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const startedMs = performance.now()
  process.stderr.write(`\n== ${stage.title}\n`)
  const resultFile = join(folder, 'report.json')
  const end = await runProgram(stage, resultFile, lifetime)
  const outcome = await outcomeOf(stage, resultFile, end)
  const elapsed = formatDuration(performance.now() - startedMs)
  process.stderr.write(`== ${stage.title}: ${countsLine(outcome.counts)} in ${elapsed}${whyFault(stage, end)}\n`)
  return outcome
}

/** Vitest colours what goes into a file or a log too, unless NO_COLOR forbids it. */
const stageEnvironment = (): NodeJS.ProcessEnv =>
  terminalStyle(process.stdout).colour ? process.env : { ...process.env, NO_COLOR: '1' }

/** The end of a stage's program; null where it did not end in time. */
async function runProgram(stage: Stage, resultFile: string, lifetime: Lifetime): Promise<ChildEnd | null> {
  const environment = { env: stageEnvironment() }
  const child = await startChild(stage.program, stage.args(resultFile), ['ignore', 'inherit', 'inherit'], environment)
  // A program that is asked to end cleans up after itself; one that does not end is killed.
  const stop = lifetime.defer(async () => {
    child.process.kill('SIGTERM')
    await inTime(child.ended, endTimeoutMs)
    await child.kill()
  })
  const end = await inTime(child.ended, stage.timeoutMs)
  await stop()
  return end
}

async function inTime<T>(promise: Promise<T>, timeoutMs: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), timeoutMs)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

async function outcomeOf(stage: Stage, resultFile: string, end: ChildEnd | null): Promise<StageOutcome> {
  const counts = await countsOf(stage, resultFile, end)
  const isFault = end === null || end.exitCode === null || end.exitCode === 3
  // A program that fails for another reason than a test, such as a file that cannot be loaded, has failed all the same.
  const failsOtherwise = end?.exitCode !== 0 && counts.failed === 0
  return { counts: failsOtherwise ? addCounts(counts, oneFailed) : counts, isFault }
}

const onePassed: Counts = { ...noCounts, passed: 1 }
const oneFailed: Counts = { ...noCounts, failed: 1 }

async function countsOf(stage: Stage, resultFile: string, end: ChildEnd | null): Promise<Counts> {
  if (!stage.count) return end?.exitCode === 0 ? onePassed : oneFailed
  return existsSync(resultFile) ? stage.count(await readFile(resultFile, 'utf8')) : oneFailed
}

function whyFault(stage: Stage, end: ChildEnd | null): string {
  if (end === null) return `; it did not end within ${formatDuration(stage.timeoutMs)}`
  return end.exitCode === null ? `; it was ended by ${end.signal ?? 'an error at its start'}` : ''
}
