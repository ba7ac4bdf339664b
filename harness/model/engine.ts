/** Container engines whose images are judged; the first is taken for that of an image that tells none. */
export const engineNames = ['podman', 'docker'] as const
export type EngineName = (typeof engineNames)[number]
export const [defaultEngine] = engineNames
