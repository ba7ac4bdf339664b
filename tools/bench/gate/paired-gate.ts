import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeMeasuredInitramfs } from '../../../harness/measure/guest/measured-initramfs.ts'
import { pairedBoot, pairedPlan } from '../../../harness/measure/paired/paired-boot.ts'
import { comparePairs } from '../../../harness/measure/paired/paired-comparison.ts'
import type { Sample } from '../../../harness/measure/paired/pairs.ts'
import { seededRandom } from '../../../harness/measure/statistics/seeded-random.ts'
import { inTask } from '../../../harness/platform/terminal/in-task.ts'
import type { Progress, Task } from '../../../harness/platform/terminal/progress.ts'
import { ensureBootKit } from '../../../harness/recipes/boot-kit/boot-kit.ts'
import { ensureWorkloads } from '../../../harness/workloads/ensure-workloads.ts'
import type { BenchmarkContext } from '../benchmark.ts'
import { injectedSizes } from './exact-trial.ts'
import type { GateTrials, Outcome } from './gate-trials.ts'

const boots = 16
const triesOfEach = 20

/**
 * Tries the gate of tiers 1 and 2 on real boots of the reference image. They are taken once, one after the other, and each
 * comparison draws its pairs from them, neighbours in time as pairs are: 20 comparisons from boots of their own would take
 * hours. A slowdown is laid on one side's figures.
 */
export async function tryPairedGate(context: BenchmarkContext, progress: Progress): Promise<GateTrials[]> {
  const title = `tiers 1 and 2, ${context.arch}: ${boots} boots`
  const pool = await inTask(progress, title, (task) => bootPool(context, task))
  const results: GateTrials[] = []
  for (const percent of [0, ...injectedSizes]) {
    const outcomes: Outcome[] = []
    for (let seed = 1; seed <= triesOfEach; seed++) outcomes.push(await compareDrawn(pool, percent, seed))
    const injected = percent === 0 ? 'nothing' : 'all of the boot'
    results.push({ gate: `tiers 1 and 2, ${context.arch}`, injected, percent, outcomes })
  }
  return results
}

async function bootPool(
  { arch, imagePath, folder, lifetime, accelerator }: BenchmarkContext,
  task: Task,
): Promise<Sample[]> {
  const kit = await ensureBootKit(arch)
  const place = join(folder, 'pool')
  await mkdir(place)
  const contents = { initramfs: kit.initramfs, arch, steps: [], workloads: await ensureWorkloads() }
  const plan = pairedPlan(kit, accelerator, (await writeMeasuredInitramfs(contents, place)).path, imagePath)
  const pool: Sample[] = []
  for (let boot = 1; boot <= boots; boot++) {
    task.awaiting(`boot ${boot}`)
    const [time] = await pairedBoot(plan, [], lifetime)
    if (time) pool.push({ boot_cpu_ms: time.cpuMs, boot_wall_ms: time.wallMs })
  }
  await rm(place, { recursive: true })
  return pool
}

/** One comparison; each pair is two boots that followed one another, in either order. */
export async function compareDrawn(pool: readonly Sample[], percent: number, seed: number): Promise<Outcome> {
  const random = seededRandom(seed)
  let turn = 0
  let first = 0
  const draw = async (factor: number): Promise<Sample> => {
    if (turn % 2 === 0) first = Math.floor(random() * (pool.length - 1))
    const sample = pool[first + (turn++ % 2)] as Sample
    return Object.fromEntries(Object.entries(sample).map(([name, value]) => [name, value * factor]))
  }
  const sides = { a: () => draw(1), b: () => draw(1 + percent / 100) }
  const { results } = await comparePairs(sides, { random })
  if (results.some(({ verdict }) => verdict === 'slower')) return 'failed'
  return results.some(({ verdict }) => verdict === 'not confirmed') ? 'reported' : 'nothing'
}
