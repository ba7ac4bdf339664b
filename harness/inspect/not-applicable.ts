import { eras, features } from '../contract/eras.ts'
import { type FeatureName, featureNames } from '../model/era.ts'
import type { Profile } from '../profile/profile.ts'
import { handledFeatures } from './init/init-contract.ts'
import type { InitScripts } from './init/init-scripts.ts'

/**
 * The features that nobody asks of an image, each with the reason: its era lacks them and its init does not handle them. An init
 * that is a program cannot be read: the era alone decides.
 */
export function featuresNotApplicable(
  init: InitScripts,
  initPath: string,
  { engine, era }: Profile['contract'],
): Partial<Record<FeatureName, string>> {
  const handled = handledFeatures(init, initPath, engine)
  const absent = featureNames.filter((name) => !eras[era].features.includes(name) && !handled?.includes(name))
  const ofInit =
    handled === undefined ? `${initPath} cannot be read, so the era alone decides` : `${initPath} does not handle it`
  return Object.fromEntries(
    absent.map((name) => [name, `The era ${era} has no support for ${features[name].what}, and ${ofInit}.`]),
  )
}
