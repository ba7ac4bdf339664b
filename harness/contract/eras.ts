/** States of the layer whose images are in use; an image is asked what its own era has. */
export const eraNames = ['seed', 'wrynose', 'master'] as const
export type EraName = (typeof eraNames)[number]

/** Parts of the contract that some eras have and others lack. All else holds in every era. */
export const featureNames = ['auth', 'ca', 'addresses', 'timing'] as const
export type FeatureName = (typeof featureNames)[number]

/** What runners of an era send and images of that era answer, beyond the base that all eras share. */
export interface Era {
  /** Which state of the layer it is. */
  layer: string
  features: readonly FeatureName[]
}

/** From the layer's init scripts and recipes of each state. */
export const eras: Readonly<Record<EraName, Era>> = {
  seed: { layer: 'meta-virtualization master of February to April 2026', features: [] },
  wrynose: { layer: 'meta-virtualization, release branch wrynose', features: ['auth'] },
  master: { layer: 'meta-virtualization master of August 2026', features: ['auth', 'ca', 'addresses', 'timing'] },
}

/** A feature as it stands behind "no", and the parameters by which a runner asks for it. */
export interface Feature {
  what: string
  /** Kernel parameters, without the engine's prefix. */
  parameters: readonly string[]
  /** Kernel words that have no prefix. */
  words: readonly string[]
}

export const features: Readonly<Record<FeatureName, Feature>> = {
  auth: { what: 'way to take registry credentials from a share', parameters: ['auth'], words: [] },
  ca: { what: 'way to take certificate authorities from a share', parameters: ['ca'], words: [] },
  addresses: {
    what: 'parameters for the network’s addresses',
    parameters: ['ip', 'gw', 'prefixlen', 'dns'],
    words: [],
  },
  timing: { what: 'time stamps of the boot', parameters: [], words: ['vcontainer_timing'] },
}

/** The eras that have a feature; all of them for what belongs to the base. */
export const erasWith = (feature: FeatureName | undefined): EraName[] =>
  eraNames.filter((era) => feature === undefined || eras[era].features.includes(feature))
