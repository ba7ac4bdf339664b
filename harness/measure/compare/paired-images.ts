import { join } from 'node:path'
import { chooseAccelerator } from '../../guest/prepare/accelerator.ts'
import { openSquashfs } from '../../image/squashfs/squashfs.ts'
import type { InspectedImage } from '../../inspect/inspect-image.ts'
import { inTask } from '../../platform/terminal/in-task.ts'
import { ensureBootKit } from '../../recipes/boot-kit/boot-kit.ts'
import { ensureWorkloads } from '../../workloads/ensure-workloads.ts'
import { writeMeasuredInitramfs } from '../guest/measured-initramfs.ts'
import { pairedBoot, pairedPlan } from '../paired/paired-boot.ts'
import { comparePairs, type PairedComparison } from '../paired/paired-comparison.ts'
import type { Sample } from '../paired/pairs.ts'
import { seededRandom } from '../statistics/seeded-random.ts'
import { pairedSteps } from '../steps.ts'
import type { CompareContext } from './comparison.ts'

/** Boots both images in pairs, one guest at a time, and compares CPU time (tier 1) and wall time (tier 2). */
export function compareInPairs(context: CompareContext): Promise<PairedComparison> {
  const { options, images, progress } = context
  return inTask(progress, 'comparison in pairs', async (task) => {
    task.awaiting('the pair that warms up')
    const sides = { a: await sideOf(context, images.a, 'a'), b: await sideOf(context, images.b, 'b') }
    return comparePairs(sides, {
      pairs: options.pairs,
      random: seededRandom(options.seed),
      onPair: (done, of) => task.awaiting(`pairs of boots, ${done} of ${of} are done`),
    })
  })
}

/** What measures one image once: a boot with all steps, and our own reading of its listing. */
async function sideOf(
  { options, folder, lifetime }: CompareContext,
  { file, arch }: InspectedImage,
  side: string,
): Promise<() => Promise<Sample>> {
  const kit = await ensureBootKit(arch)
  const { accelerator } = await chooseAccelerator(options.accelerator, arch)
  const contents = { initramfs: kit.initramfs, arch, steps: pairedSteps, workloads: await ensureWorkloads() }
  const { path } = await writeMeasuredInitramfs(contents, join(folder, side))
  const plan = pairedPlan(kit, accelerator, path, file.path)
  const wanted = (name: string) => options.tiers.includes(name.endsWith('_cpu_ms') ? '1' : '2')
  return async () => {
    const times = [openTime(file.path), ...(await pairedBoot(plan, pairedSteps, lifetime))]
    const samples = times.flatMap(({ phase, cpuMs, wallMs }) => [
      [`${phase}_cpu_ms`, cpuMs] as const,
      [`${phase}_wall_ms`, wallMs] as const,
    ])
    return Object.fromEntries(samples.filter(([name]) => wanted(name)))
  }
}

function openTime(path: string): { phase: string; cpuMs: number; wallMs: number } {
  const startMs = performance.now()
  const before = process.cpuUsage()
  openSquashfs(path).close()
  const { user, system } = process.cpuUsage(before)
  return { phase: 'image_open', cpuMs: (user + system) / 1000, wallMs: performance.now() - startMs }
}
