import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { exactBoot, exactPlan } from '../../../harness/measure/exact/exact-boot.ts'
import { exactMetrics } from '../../../harness/measure/exact/exact-metrics.ts'
import { type MeasuredContents, writeMeasuredInitramfs } from '../../../harness/measure/guest/measured-initramfs.ts'
import type { Metric } from '../../../harness/model/result.ts'
import { ensureBootKit } from '../../../harness/recipes/boot-kit/boot-kit.ts'
import type { BenchmarkContext } from '../benchmark.ts'
import type { GateTrials } from './gate-trials.ts'

/** One kind of try of the exact gate. */
export interface TriedKind extends Omit<GateTrials, 'outcomes'> {
  trials: number
  baseline: readonly Metric[]
  /** One try; another seed of the machine's randomness is another run of the same. */
  measure: (seed: number) => Promise<Metric[]>
}

/** In percent. */
export const injectedSizes = [0.5, 1, 2, 5, 20] as const

/** One boot of the exact machine with these contents, and the metrics of its phases. */
export async function exactTrial(
  { arch, imagePath, folder, lifetime }: BenchmarkContext,
  contents: Pick<MeasuredContents, 'steps' | 'workloads' | 'changed'>,
  seed: number,
): Promise<Metric[]> {
  const kit = await ensureBootKit(arch)
  const place = await mkdtemp(join(folder, 'boot-'))
  const all = { ...contents, initramfs: kit.initramfs, arch, image: imagePath }
  const { path } = await writeMeasuredInitramfs(all, place)
  const { times } = await exactBoot(exactPlan(kit, path, [], seed), lifetime, contents.steps)
  await rm(place, { recursive: true })
  return exactMetrics(times)
}

/** The first sample of a metric, NaN where there is none. */
export const sampleOf = (metrics: readonly Metric[], name: string): number =>
  metrics.find((metric) => metric.name === name)?.samples[0] ?? Number.NaN
