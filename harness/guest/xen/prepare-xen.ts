import { readProcessorFeatures } from '../../inspect/processor/processor-needs.ts'
import { xenHostShape } from '../../machine/machine-shape.ts'
import type { GuestTemplate } from '../../machine/template.ts'
import { architectures } from '../../model/architecture.ts'
import { EnvironmentFault } from '../../model/faults.ts'
import { hasXenHost } from '../../model/xen-architecture.ts'
import { ensureXenHost } from '../../recipes/xen-host/xen-host.ts'
import type { GuestSource } from '../prepare/prepare-guests.ts'
import { ensureXenTemplate } from './xen-template.ts'

/**
 * What the suite xen needs of one image: a host that is booted once, under emulation whatever the other guests run under, and
 * kept to be forked. Throws EnvironmentFault where there can be none.
 */
export async function prepareXen(source: GuestSource): Promise<GuestTemplate> {
  const { arch, accelerator: _, ...request } = source
  if (!hasXenHost(arch))
    throw new EnvironmentFault(
      'E_XEN_HOST',
      `The suite xen has no Xen host for ${arch}, where QEMU does not start Xen with modules as it does on x86_64.`,
    )
  const host = await ensureXenHost(arch, { progress: (line) => source.awaiting?.(line) })
  const shape = xenHostShape(architectures[arch], readProcessorFeatures(source.imagePath, arch))
  return ensureXenTemplate({ ...request, host, shape })
}
