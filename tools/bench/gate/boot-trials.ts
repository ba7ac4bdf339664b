import { ensureWorkloads } from '../../../harness/workloads/ensure-workloads.ts'
import type { BenchmarkContext } from '../benchmark.ts'
import { exactTrial, injectedSizes, sampleOf, type TriedKind } from './exact-trial.ts'

/** Slows init down by a number of nanoseconds; one instruction is one of them. */
interface Injection {
  injected: string
  /** How often each size is tried. */
  trials: (percent: number) => number
  prelude: (nanoseconds: number, nanosecondsPerTurn: number) => string
}

const busyLoop = (turns: number): string => `turn=0\nwhile [ "$turn" -lt ${turns} ]; do turn=$((turn + 1)); done\n`

const injections: readonly Injection[] = [
  {
    injected: 'busy loop in init',
    trials: (percent) => (percent === 1 ? 10 : 1),
    prelude: (wanted, perTurn) => busyLoop(Math.round(wanted / perTurn)),
  },
  {
    injected: 'sleep in init',
    trials: () => 1,
    prelude: (wanted) => `/dev/.measure/busybox usleep ${Math.round(wanted / 1000)}\n`,
  },
]

const sameTrials = 20
const calibrationTurns = 100_000

/** The boot up to the first command: the same again, and with an init that is slower by a part of the whole boot. */
export async function bootTrials(context: BenchmarkContext): Promise<TriedKind[]> {
  const workloads = await ensureWorkloads()
  const measure = (seed: number, prelude?: string) =>
    exactTrial(context, { steps: [], workloads, ...(prelude !== undefined && { changed: { prelude } }) }, seed)
  const baseline = await measure(1)
  const bootNs = sampleOf(baseline, 'exact_boot_instructions')
  const calibrated = sampleOf(await measure(1, busyLoop(calibrationTurns)), 'exact_boot_instructions')
  const perTurn = (calibrated - bootNs) / calibrationTurns
  const kind = { gate: `tier 0, boot, ${context.arch}`, baseline }
  return [
    { ...kind, injected: 'nothing', percent: 0, trials: sameTrials, measure },
    ...injections.flatMap(({ injected, trials, prelude }) =>
      injectedSizes.map((percent) => {
        const slower = prelude((bootNs * percent) / 100, perTurn)
        const measureSlower = (seed: number) => measure(seed, slower)
        return { ...kind, injected, percent, trials: trials(percent), measure: measureSlower }
      }),
    ),
  ]
}
