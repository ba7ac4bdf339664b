import { readProcessorFeatures } from '../../inspect/processor/processor-needs.ts'
import { xenHostShape } from '../../machine/machine-shape.ts'
import type { GuestTemplate } from '../../machine/template.ts'
import { type ArchitectureName, architectures } from '../../model/architecture.ts'
import { EnvironmentFault } from '../../model/faults.ts'
import { ensureXenHost } from '../../recipes/xen-host/xen-host.ts'
import type { GuestSource } from '../prepare/prepare-guests.ts'
import { ensureXenTemplate } from './xen-template.ts'

/** Why there is no Xen host for an architecture. */
const obstacles: Partial<Record<ArchitectureName, string>> = {
  aarch64:
    'The suite xen has no Xen host for aarch64: there Xen is not started as multiboot, but from a device tree that names its modules.',
}

/**
 * What the suite xen needs of one image: a host that is booted once, under emulation whatever the other guests run under, and
 * kept to be forked. Throws EnvironmentFault where there can be none.
 */
export async function prepareXen(source: GuestSource): Promise<GuestTemplate> {
  const { arch, accelerator: _, ...request } = source
  const obstacle = obstacles[arch]
  if (obstacle !== undefined) throw new EnvironmentFault('E_XEN_HOST', obstacle)
  const host = await ensureXenHost(arch, { progress: (line) => source.awaiting?.(line) })
  const shape = xenHostShape(architectures[arch], readProcessorFeatures(source.imagePath, arch))
  return ensureXenTemplate({ ...request, host, shape })
}
