import { readProcessorFeatures } from '../../inspect/processor/processor-needs.ts'
import type { GuestPlan } from '../../machine/guest-plan.ts'
import type { ArchitectureName } from '../../model/architecture.ts'
import { ensureBootKit } from '../../recipes/boot-kit/boot-kit.ts'
import type { MeasurementKey } from '../../report/schema.ts'
import { ensureWorkloads } from '../../workloads/ensure-workloads.ts'
import { writeMeasuredInitramfs } from '../guest/measured-initramfs.ts'
import { measurementKey } from '../measurement-key.ts'
import { exactSteps } from '../steps.ts'
import { exactPlan } from './exact-boot.ts'

/** An image that is ready for exact boots. */
export interface ExactPreparation {
  plan: GuestPlan
  key: MeasurementKey
}

/**
 * Writes into `folder` what an exact boot of the image needs. Kernel and initramfs are always the boot kit's: the image
 * lies in the initramfs, since a disk would make the machine inexact, and a user's own does not look for it there.
 */
export async function prepareExact(image: string, arch: ArchitectureName, folder: string): Promise<ExactPreparation> {
  const kit = await ensureBootKit(arch)
  const contents = { initramfs: kit.initramfs, arch, steps: exactSteps, workloads: await ensureWorkloads(), image }
  const { path, workloadSha256 } = await writeMeasuredInitramfs(contents, folder)
  const plan = exactPlan(kit, path, readProcessorFeatures(image, arch))
  return { plan, key: await measurementKey(plan, kit.initramfs, workloadSha256) }
}
