import { type EraName, eraNames, type FeatureName, featureNames } from '../model/era.ts'

/** What runners of an era send and images of that era answer, beyond the base that all eras share. */
export interface Era {
  /** Which state of the layer it is. */
  layer: string
  /** What podman's networks are made by, as its recipe configures. */
  networkBackend: 'netavark' | 'cni'
  features: readonly FeatureName[]
}

/** From the layer's init scripts and recipes of each state. */
export const eras: Readonly<Record<EraName, Era>> = {
  seed: { layer: 'meta-virtualization master of February to April 2026', networkBackend: 'netavark', features: [] },
  wrynose: { layer: 'meta-virtualization, release branch wrynose', networkBackend: 'cni', features: ['auth'] },
  master: {
    layer: 'meta-virtualization master of August 2026',
    networkBackend: 'netavark',
    features: ['auth', 'ca', 'addresses', 'timing'],
  },
}

/** A feature as it stands behind "handles", and the parameters by which a runner asks for it. */
export interface Feature {
  what: string
  /** Kernel parameters, without the engine's prefix. */
  parameters: readonly string[]
  /** Kernel words that have no prefix. */
  words: readonly string[]
}

export const features: Readonly<Record<FeatureName, Feature>> = {
  auth: { what: 'registry credentials from a share', parameters: ['auth'], words: [] },
  ca: { what: 'certificate authorities from a share', parameters: ['ca'], words: [] },
  addresses: {
    what: 'network addresses of the runner’s choice',
    parameters: ['ip', 'gw', 'prefixlen', 'dns'],
    words: [],
  },
  timing: { what: 'time stamps of the boot', parameters: [], words: ['vcontainer_timing'] },
}

/** The eras that have a feature; all of them for what belongs to the base. */
export const erasWith = (feature: FeatureName | undefined): EraName[] =>
  eraNames.filter((era) => feature === undefined || eras[era].features.includes(feature))

/** The features that an era lacks, each with that as the reason: what an image built by its recipe is not asked for. */
export const featuresWithout = (era: EraName): Partial<Record<FeatureName, string>> =>
  Object.fromEntries(
    featureNames
      .filter((name) => !eras[era].features.includes(name))
      .map((name) => [name, `The era ${era} has no support for ${features[name].what}.`]),
  )
