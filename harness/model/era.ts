/** States of the layer whose images are in use; an image is asked what its own era has. */
export const eraNames = ['seed', 'wrynose', 'master'] as const
export type EraName = (typeof eraNames)[number]

/** Parts of the contract that some eras have and others lack. All else holds in every era. */
export const featureNames = ['auth', 'ca', 'addresses', 'timing'] as const
export type FeatureName = (typeof featureNames)[number]
