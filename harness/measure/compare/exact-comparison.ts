import { join } from 'node:path'
import type { InspectedImage } from '../../inspect/inspect-image.ts'
import type { Metric } from '../../model/result.ts'
import { atMost } from '../../platform/process/at-most.ts'
import { inTask } from '../../platform/terminal/in-task.ts'
import { exactBoot } from '../exact/exact-boot.ts'
import { exactMetrics } from '../exact/exact-metrics.ts'
import { prepareExact } from '../exact/prepare-exact.ts'
import { requireIdentical } from '../exact/require-identical.ts'
import { type Change, changes } from '../gate/changes.ts'
import type { CompareContext } from './comparison.ts'

/** Boots A twice, which must be the same, and B once, on the exact machine. Throws GuestFault and EnvironmentFault. */
export function compareExactly(context: CompareContext): Promise<Change[]> {
  const { options, images, profile, folder, lifetime, progress } = context
  return inTask(progress, 'exact comparison: A twice, B once', async () => {
    const a = await prepareExact(images.a.file.path, images.a.arch, join(folder, 'a'))
    const b = await prepareExact(images.b.file.path, images.b.arch, join(folder, 'b'))
    const boots = [a, a, b].map(
      ({ plan }) =>
        () =>
          exactBoot(plan, lifetime),
    )
    const [first, again, other] = await atMost(options.jobs, boots)
    if (!first || !again || !other) throw new Error('Three boots were asked for.')
    requireIdentical(images.a.file.path, first, again)
    return changes(
      [...exactMetrics(first.times), sizeOf(images.a)],
      [...exactMetrics(other.times), sizeOf(images.b)],
      profile.performance.limits,
    )
  })
}

const sizeOf = ({ file }: InspectedImage): Metric => ({
  ...{ name: 'image_size_bytes', unit: 'bytes', tier: 0 },
  samples: [file.sizeBytes],
})
