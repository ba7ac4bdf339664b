import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type ExactBoot, exactBoot } from '../../measure/exact/exact-boot.ts'
import { exactMetrics } from '../../measure/exact/exact-metrics.ts'
import { type ExactPreparation, prepareExact } from '../../measure/exact/prepare-exact.ts'
import { requireIdentical } from '../../measure/exact/require-identical.ts'
import { baselineMetrics, readBaseline } from '../../measure/gate/baseline.ts'
import { judgeMeasurement, judgeNotBooted, judgeUnmeasured } from '../../measure/judge-measurement.ts'
import { GuestFault } from '../../model/faults.ts'
import type { Metric } from '../../model/result.ts'
import { atMost } from '../../platform/process/at-most.ts'
import { inTask } from '../../platform/terminal/in-task.ts'
import { bootObstacle } from './boot-images.ts'
import { countResults } from './count-results.ts'
import type { JudgedImage } from './image-states.ts'
import type { Run } from './verify-run.ts'

interface ReadyImage {
  image: JudgedImage
  prepared: ExactPreparation
  /** Of the same key; missing where no baseline was given. */
  baseline?: Metric[]
}

/**
 * Measures each image on the exact machine, twice, and adds metrics and the results of the performance suite. A baseline
 * that cannot be compared is refused before anything is measured. Two boots that differ are an EnvironmentFault.
 */
export async function measureImages(run: Run, images: readonly JudgedImage[]): Promise<JudgedImage[]> {
  const baseline = run.options.baseline === undefined ? undefined : await readBaseline(run.options.baseline)
  const ready = new Map<JudgedImage, ReadyImage>()
  for (const [index, image] of images.entries()) {
    if (bootObstacle(run, image) !== undefined) continue
    const folder = join(run.folder, `measured-${index}`)
    await mkdir(folder)
    const prepared = await prepareExact(image.image.path, image.arch, folder)
    ready.set(image, { image, prepared, ...(baseline && { baseline: baselineMetrics(baseline, prepared.key) }) })
    run.accelerators.set(image.arch, { accelerator: 'tcg', reason: 'instructions can be counted under it alone' })
  }
  return atMost(
    run.options.jobs,
    images.map((image) => () => {
      const found = ready.get(image)
      return found ? measureImage(run, found) : withResults(run, image)
    }),
  )
}

function measureImage(run: Run, { image, prepared, baseline }: ReadyImage): Promise<JudgedImage> {
  const startedMs = performance.now()
  return inTask(
    run.progress,
    `${image.label}: exact measurement`,
    async (task) => {
      try {
        task.awaiting('the first of two boots')
        const first = await exactBoot(prepared.plan, run.lifetime)
        task.awaiting('the second boot, which must be the same')
        requireIdentical(image.label, first, await exactBoot(prepared.plan, run.lifetime))
        return judged(image, prepared, first, baseline, performance.now() - startedMs)
      } catch (error) {
        if (!(error instanceof GuestFault)) throw error
        return withRequirements(image, judgeUnmeasured(error, performance.now() - startedMs))
      }
    },
    ({ requirements }) => countResults(requirements.filter(({ suite }) => suite === 'performance')),
  )
}

function judged(
  image: JudgedImage,
  { key }: ExactPreparation,
  { times }: ExactBoot,
  baseline: readonly Metric[] | undefined,
  durationMs: number,
): JudgedImage {
  const metrics = [...image.metrics, ...exactMetrics(times)]
  const measured = { arch: image.arch, metrics, durationMs, ...(baseline && { baseline }) }
  return { ...withRequirements(image, judgeMeasurement(measured, image.profile)), metrics, measurement: key }
}

const withResults = async (run: Run, image: JudgedImage): Promise<JudgedImage> =>
  withRequirements(image, judgeNotBooted(bootObstacle(run, image) ?? 'It was not booted.'))

const withRequirements = (image: JudgedImage, results: ReturnType<typeof judgeNotBooted>): JudgedImage => ({
  ...image,
  requirements: [...image.requirements, ...image.waiverBook.apply(results)],
})
