import { availableParallelism, freemem } from 'node:os'
import { defaultJobs } from '../../../harness/cli/default-jobs.ts'
import { changes } from '../../../harness/measure/gate/changes.ts'
import { atMost } from '../../../harness/platform/process/at-most.ts'
import { inTask } from '../../../harness/platform/terminal/in-task.ts'
import type { Progress } from '../../../harness/platform/terminal/progress.ts'
import { loadProfile } from '../../../harness/profile/profile.ts'
import type { BenchmarkContext } from '../benchmark.ts'
import { bootTrials } from './boot-trials.ts'
import type { TriedKind } from './exact-trial.ts'
import type { GateTrials, Outcome } from './gate-trials.ts'
import { pullTrials } from './pull-trials.ts'
import { wholeTrials } from './whole-trials.ts'

/**
 * Tries the exact gate on boots and pulls of the reference image: the same again, and something slower; and on all phases the
 * same again. Every try has another seed of the machine's randomness, since with the same one it would be the same run
 * again, and no test. Tries run side by side: a count of instructions does not depend on what else the host does.
 */
export async function tryExactGate(context: BenchmarkContext, progress: Progress): Promise<GateTrials[]> {
  const prepare = async () => [
    ...(await bootTrials(context)),
    ...(await pullTrials(context)),
    ...(await wholeTrials(context)),
  ]
  const kinds = await inTask(progress, `tier 0, ${context.arch}: baselines`, prepare)
  const { limits } = (await loadProfile('vpdmn')).performance
  const outcomeOf = async ({ baseline, measure }: TriedKind, seed: number): Promise<Outcome> =>
    outcomeOfJudgements(changes(baseline, await measure(seed), limits).map(({ judgement }) => judgement))
  const trials = kinds.flatMap((kind) =>
    Array.from({ length: kind.trials }, (_unused, index) => ({ kind, seed: index + 2 })),
  )
  const outcomes = await inTask(progress, `tier 0, ${context.arch}: ${trials.length} trials`, (task) => {
    let done = 0
    const tryOne = async ({ kind, seed }: (typeof trials)[number]) => {
      const outcome = await outcomeOf(kind, seed)
      task.awaiting(`${++done} of ${trials.length} are done`)
      return { kind, outcome }
    }
    const jobs = defaultJobs(availableParallelism(), freemem(), trials.length)
    return atMost(
      jobs,
      trials.map((each) => () => tryOne(each)),
    )
  })
  return kinds.map((kind) => {
    const { gate, injected, percent } = kind
    const own = outcomes.filter((each) => each.kind === kind).map(({ outcome }) => outcome)
    return { gate, injected, percent, outcomes: own }
  })
}

const outcomeOfJudgements = (judgements: readonly string[]): Outcome => {
  if (judgements.includes('slower')) return 'failed'
  return judgements.includes('drifted') ? 'reported' : 'nothing'
}
