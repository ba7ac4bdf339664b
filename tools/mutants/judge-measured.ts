import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { exactBoot } from '../../harness/measure/exact/exact-boot.ts'
import { exactMetrics } from '../../harness/measure/exact/exact-metrics.ts'
import { prepareExact } from '../../harness/measure/exact/prepare-exact.ts'
import { judgeMeasurement, judgeUnmeasured } from '../../harness/measure/judge-measurement.ts'
import type { ArchitectureName } from '../../harness/model/architecture.ts'
import { GuestFault } from '../../harness/model/faults.ts'
import type { Lifetime } from '../../harness/platform/process/lifetime.ts'
import { loadProfile } from '../../harness/profile/profile.ts'
import type { RecipeName } from '../../harness/recipes/reference-image/recipe.ts'
import { ensureReferenceImage } from '../../harness/recipes/reference-image/reference-image.ts'
import type { Metric, RequirementResult } from '../../harness/report/schema.ts'

interface MeasuredVariant {
  imagePath: string
  /** The recipe whose image was changed. */
  recipe: RecipeName
  arch: ArchitectureName
  /** In which it works alone. */
  folder: string
}

/**
 * The results of the performance suite for a variant, with the reference image's figures for a baseline. Each is booted
 * once: that two boots are the same is the machine's merit and not the image's.
 */
export async function judgeMeasured(
  { imagePath, recipe, arch, folder }: MeasuredVariant,
  lifetime: Lifetime,
): Promise<RequirementResult[]> {
  const profile = await loadProfile(recipe)
  const baseline = await metricsOf(await ensureReferenceImage(arch, { recipe }), 'baseline')
  const startedMs = performance.now()
  try {
    const metrics = await metricsOf(imagePath, 'variant')
    return judgeMeasurement({ arch, metrics, baseline, durationMs: performance.now() - startedMs }, profile)
  } catch (error) {
    if (!(error instanceof GuestFault)) throw error
    return judgeUnmeasured(error, performance.now() - startedMs)
  }

  async function metricsOf(image: string, name: string): Promise<Metric[]> {
    const place = join(folder, name)
    await mkdir(place)
    const { plan } = await prepareExact(image, arch, place)
    return exactMetrics((await exactBoot(plan, lifetime)).times)
  }
}
