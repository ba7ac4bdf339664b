import type { EngineName } from '../model/engine.ts'
import type { EraName, FeatureName } from '../model/era.ts'
import type { BuiltInProfile } from '../profile/built-in-profiles.ts'
import { engineOfImage } from './engine-of-image.ts'
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
const podmanSigns: readonly Sign[] = [
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

/** The shipped profiles of an engine, by era, and what tells their images apart; the first holds where nothing does. */
interface EngineProfiles {
  byEra: Partial<Record<EraName, BuiltInProfile>>
  signs: readonly Sign[]
}

const profiles: Record<EngineName, EngineProfiles> = {
  podman: { byEra: { seed: 'vpdmn', wrynose: 'vpdmn-wrynose', master: 'vpdmn-2026' }, signs: podmanSigns },
  docker: { byEra: { master: 'vdkr' }, signs: [] },
}

/**
 * The shipped profile of the image's engine whose era most signs of the image speak for; of two with as many, that of the older
 * era.
 */
export function nearestProfile(image: InspectedImage, initPath: string): NearestProfile {
  const { engine, reason: ofEngine } = engineOfImage(image, initPath)
  const { byEra, signs } = profiles[engine]
  const seen = signs.filter(({ isSeen }) => isSeen(traitsOf(image, initPath, engine)))
  const countOf = (era: string) => seen.filter((sign) => sign.era === era).length
  const [[era, name]] = Object.entries(byEra).toSorted(([a], [b]) => countOf(b) - countOf(a)) as [
    [string, BuiltInProfile],
  ]
  const texts = seen.filter((sign) => sign.era === era).map(({ text }) => text)
  const ofEra = texts.length === 0 ? 'nothing in it tells its era' : `it has ${texts.join(' and ')}`
  const isOnlyOne = Object.keys(byEra).length === 1
  return { name, reason: [...(ofEngine ? [ofEngine] : []), ...(isOnlyOne ? [] : [ofEra])].join(', and ') }
}

const traitsOf = ({ files, init, configuration }: InspectedImage, initPath: string, engine: EngineName): Traits => ({
  hasProgram: (name) => findProgram(files, name, init.searchPath) !== undefined,
  setting: (key) => configuration.containers.values.get(key)?.value,
  handled: handledFeatures(init, initPath, engine),
})
