import type { EraName, FeatureName } from '../contract/eras.ts'
import type { BuiltInProfile } from '../profile/built-in-profiles.ts'
import { handledFeatures } from './init/init-contract.ts'
import type { InspectedImage } from './inspect-image.ts'
import { findProgram } from './lookup.ts'

/** A shipped profile that was chosen for an image, and what in the image speaks for it. */
export interface NearestProfile {
  name: BuiltInProfile
  reason: string
}

interface Sign {
  era: EraName
  /** What is seen, as it stands behind "it has". */
  text: string
  isSeen: (traits: Traits) => boolean
}

/** What tells the recipes of the eras apart. */
interface Traits {
  hasProgram: (name: string) => boolean
  setting: (key: string) => unknown
  /** Undefined for an init that cannot be read. */
  handled: readonly FeatureName[] | undefined
}

const takes = (handled: Traits['handled'], feature: FeatureName): boolean => handled?.includes(feature) ?? false

/** By what the recipe and the init of each era differ (docs/contract.md, "Eras"). */
const signs: readonly Sign[] = [
  {
    era: 'seed',
    text: 'helper_binaries_dir in containers.conf',
    isSeen: ({ setting }) => setting('engine.helper_binaries_dir') !== undefined,
  },
  {
    era: 'seed',
    text: 'an init that takes no credentials',
    isSeen: ({ handled }) => handled !== undefined && handled.length === 0,
  },
  {
    era: 'wrynose',
    text: 'network_backend "cni"',
    isSeen: ({ setting }) => setting('network.network_backend') === 'cni',
  },
  {
    era: 'wrynose',
    text: 'an init that takes credentials but no certificate authorities',
    isSeen: ({ handled }) => takes(handled, 'auth') && !takes(handled, 'ca'),
  },
  {
    era: 'master',
    text: 'nft and no iptables',
    isSeen: ({ hasProgram }) => hasProgram('nft') && !hasProgram('iptables'),
  },
  {
    era: 'master',
    text: 'an init that takes certificate authorities',
    isSeen: ({ handled }) => takes(handled, 'ca'),
  },
]

const profiles: Record<EraName, BuiltInProfile> = { seed: 'vpdmn', wrynose: 'vpdmn-wrynose', master: 'vpdmn-2026' }

/** The shipped profile whose era most signs of an image speak for; of two with as many, that of the older era. */
export function nearestProfile({ files, init, configuration }: InspectedImage, initPath: string): NearestProfile {
  const seen = signs.filter(({ isSeen }) =>
    isSeen({
      hasProgram: (name) => findProgram(files, name, init.searchPath) !== undefined,
      setting: (key) => configuration.containers.values.get(key)?.value,
      handled: handledFeatures(init, initPath),
    }),
  )
  const countOf = (era: EraName) => seen.filter((sign) => sign.era === era).length
  const [nearest] = (Object.keys(profiles) as EraName[]).toSorted((a, b) => countOf(b) - countOf(a)) as [EraName]
  const texts = seen.filter(({ era }) => era === nearest).map(({ text }) => text)
  const reason = texts.length === 0 ? 'nothing in it tells its era' : `it has ${texts.join(' and ')}`
  return { name: profiles[nearest], reason }
}
