import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureBootKit } from '../../build/boot-kit.ts'
import { exactBoot, exactPlan } from '../../measure/exact/exact-boot.ts'
import { exactMetrics } from '../../measure/exact/exact-metrics.ts'
import { changes } from '../../measure/gate/changes.ts'
import { writeMeasuredInitramfs } from '../../measure/guest/measured-initramfs.ts'
import { loadProfile } from '../../profile/profile.ts'
import type { Progress } from '../../report/progress.ts'
import type { Metric } from '../../report/schema.ts'
import { inTask } from '../../verify/in-task.ts'
import { ensureWorkloads } from '../../workloads/ensure-workloads.ts'
import type { BenchmarkContext } from '../benchmark.ts'
import { type GateTries, type Outcome, outcomeText } from './gate-tries.ts'

/** Slows init down by a number of nanoseconds; one instruction is one of them. */
interface Injection {
  injected: string
  /** How often each size is tried. */
  tries: (percent: number) => number
  prelude: (nanoseconds: number, nanosecondsPerTurn: number) => string
}

const busyLoop = (turns: number): string => `turn=0\nwhile [ "$turn" -lt ${turns} ]; do turn=$((turn + 1)); done\n`

const injections: readonly Injection[] = [
  {
    injected: 'busy loop in init',
    tries: (percent) => (percent === 1 ? 10 : 1),
    prelude: (wanted, perTurn) => busyLoop(Math.round(wanted / perTurn)),
  },
  {
    injected: 'sleep in init',
    tries: () => 1,
    prelude: (wanted) => `/dev/.measure/busybox usleep ${Math.round(wanted / 1000)}\n`,
  },
]

/** In percent of the boot. */
const sizes = [0.5, 1, 2, 5, 20] as const
const sameTries = 20
const calibrationTurns = 100_000

/**
 * Tries the exact gate on boots of the reference image: the same again, and with a slower init. Every try has another
 * seed of the machine's randomness, since with the same one it would be the same run again, and no test.
 */
export async function tryExactGate(context: BenchmarkContext, progress: Progress): Promise<GateTries[]> {
  const { limits } = (await loadProfile('vpdmn')).performance
  const baseline = await measure(context, 1)
  const bootNs = bootInstructions(baseline)
  const calibrated = await measure(context, 1, busyLoop(calibrationTurns))
  const perTurn = (bootInstructions(calibrated) - bootNs) / calibrationTurns
  const tryOnce = async (seed: number, prelude?: string): Promise<Outcome> =>
    outcomeOf(changes(baseline, await measure(context, seed, prelude), limits).map(({ judgement }) => judgement))
  const series = (injected: string, percent: number, tries: number, prelude?: string): Promise<GateTries> =>
    inTask(
      progress,
      `tier 0, ${context.arch}: ${injected}, ${percent} %`,
      async (task) => {
        const outcomes: Outcome[] = []
        for (let seed = 2; seed < 2 + tries; seed++) {
          task.awaiting(`try ${seed - 1} of ${tries}`)
          outcomes.push(await tryOnce(seed, prelude))
        }
        return { gate: `tier 0, boot, ${context.arch}`, injected, percent, outcomes }
      },
      outcomeText,
    )
  const results = [await series('nothing', 0, sameTries)]
  for (const { injected, tries, prelude } of injections)
    for (const percent of sizes)
      results.push(await series(injected, percent, tries(percent), prelude((bootNs * percent) / 100, perTurn)))
  return results
}

const outcomeOf = (judgements: readonly string[]): Outcome => {
  if (judgements.includes('slower')) return 'failed'
  return judgements.includes('drifted') ? 'reported' : 'nothing'
}

/** One exact boot up to the first command. */
async function measure(
  { arch, imagePath, folder, lifetime }: BenchmarkContext,
  seed: number,
  prelude?: string,
): Promise<Metric[]> {
  const kit = await ensureBootKit(arch)
  const place = join(folder, `boot-${seed}`)
  await mkdir(place)
  const contents = { initramfs: kit.initramfs, arch, steps: [], workloads: await ensureWorkloads(), image: imagePath }
  const { path } = await writeMeasuredInitramfs({ ...contents, ...(prelude !== undefined && { prelude }) }, place)
  const { times } = await exactBoot(exactPlan(kit, path, seed), lifetime, [])
  await rm(place, { recursive: true })
  return exactMetrics(times)
}

const bootInstructions = (metrics: readonly Metric[]): number =>
  metrics.find(({ name }) => name === 'exact_boot_instructions')?.samples[0] ?? Number.NaN
