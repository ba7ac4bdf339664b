import { parseStrictJson } from '../../../harness/inspect/configuration/policy-json.ts'
import { rulingList } from '../../../harness/inspect/configuration/policy-scopes.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import type { EngineName } from '../../../harness/model/engine.ts'
import type { Profile } from '../../../harness/profile/profile.ts'
import { type Examination, finding, type StaticCheck, skipped } from '../check.ts'
import { policyFile, policyManual, unreadablePolicy } from './policy.ts'
import { pulledNames } from './registry-sources.ts'

/** A source of images, as the policy names it, and what takes images from there. */
interface Source {
  transport: string
  name: string
  use: string
}

const layouts: Source = { transport: 'oci', name: '', use: 'skopeo copy of a layout' }

/** What runners and users take images from besides registries (contract, "Commands and answers"). */
const localSources: readonly Source[] = [
  layouts,
  { transport: 'docker-archive', name: '', use: 'podman load' },
  { transport: 'oci-archive', name: '', use: 'podman load' },
  { transport: 'containers-storage', name: '', use: 'podman save and push' },
]

/** What asks the policy: podman for all that it takes; docker never, whose layouts skopeo brings into the store. */
const sourcesOf: Record<EngineName, (image: InspectedImage) => Source[]> = {
  podman: (image) => [
    ...pulledNames(image).map(({ name, origin }) => ({ transport: 'docker', name, use: origin })),
    ...localSources,
  ],
  docker: () => [layouts],
}

const shownUses = 3

function examineSources(image: InspectedImage, { contract }: Profile): Examination {
  const file = policyFile(image)
  const policy = file && parseStrictJson(file.text)
  if (file === undefined || policy === undefined || policy.error !== undefined) return skipped(unreadablePolicy)
  const sources = sourcesOf[contract.engine](image)
  const uses = new Map<string, string[]>()
  for (const { transport, name, use } of sources) {
    const { place, types } = rulingList(policy.value, transport, name)
    if (types.includes('reject')) uses.set(place, [...(uses.get(place) ?? []), use])
  }
  const findings = [...uses].map(([place, all]) => {
    const more = all.length > shownUses ? ` and ${all.length - shownUses} more` : ''
    return finding(
      file.path,
      `${place} rejects every image: this decides about ${all.slice(0, shownUses).join(', ')}${more}.`,
    )
  })
  return { examinedCount: sources.length, findings }
}

export const policyScopeChecks: readonly StaticCheck[] = [
  {
    id: 'POL-005',
    title: 'The policy rejects nothing that runners pull, load or copy',
    severity: 'error',
    why: 'Runners pull short names from the search registries, load archives and copy layouts; what the policy rejects is refused whole.',
    source: policyManual,
    remedy:
      'Give the scope insecureAcceptAnything or a signature requirement, and reject where nothing must come from.',
    examine: examineSources,
  },
]
