/** Profiles that come with the harness, by engine and era; the first holds where no image tells another. */
export const builtInProfiles = ['vpdmn', 'vpdmn-wrynose', 'vpdmn-2026', 'vdkr'] as const
export type BuiltInProfile = (typeof builtInProfiles)[number]
