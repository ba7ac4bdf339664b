import type { BootFiles } from '../../image/image-file.ts'
import { sha256OfFile } from '../../image/open-image-file.ts'
import { hostProcessor } from '../../machine/host-processor.ts'
import type { Accelerator } from '../../machine/machine-shape.ts'
import { qemuVersion } from '../../machine/qemu-version.ts'
import { architectures } from '../../model/architecture.ts'
import type { FeatureName } from '../../model/era.ts'
import { cacheKey } from '../../platform/cache/cache.ts'
import type { Profile } from '../../profile/profile.ts'
import { ensureWorkloads } from '../../workloads/ensure-workloads.ts'

/** What the results of an image depend on beside the tests themselves. */
export interface ResultConditions {
  imageSha256: string
  boot: BootFiles
  profile: Profile
  notApplicable: Partial<Record<FeatureName, string>>
  accelerator: Accelerator
  /** Way or URL of the registry, and its image where one was named. */
  registry: readonly string[]
}

/** Key of the conditions: the same files, expectations, machine and workloads have the same, wherever they lie. */
export async function conditionsKey(conditions: ResultConditions): Promise<string> {
  const { imageSha256, boot, profile, notApplicable, accelerator, registry } = conditions
  const { arch, kernel, initramfs, agentInitramfs } = boot
  const { images } = await ensureWorkloads()
  return cacheKey(
    'results',
    ...[imageSha256, ...(await Promise.all([kernel, initramfs, agentInitramfs].map(sha256OfFile)))],
    JSON.stringify({ ...profile, waivers: [] }),
    JSON.stringify(notApplicable),
    ...[arch, accelerator, await qemuVersion(architectures[arch])],
    // Under KVM guests have the host's processor (machine-shape.ts).
    accelerator === 'kvm' ? await hostProcessor() : '',
    JSON.stringify(registry),
    ...images.map(({ name, index }) => `${name} ${index.digest}`),
  )
}
