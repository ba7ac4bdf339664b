import { baseParameters, engines, type ParameterName } from '../../contract/engines.ts'
import { eras, features } from '../../contract/eras.ts'
import { type EngineName, engineNames } from '../../model/engine.ts'
import { type EraName, type FeatureName, featureNames } from '../../model/era.ts'
import type { InitScripts } from './init-scripts.ts'

/** The text of init and of all that it sources, without comments; undefined where init is no script that can be read. */
export function initText({ scripts }: InitScripts, path: string): string | undefined {
  const byPath = new Map(scripts.map((script) => [script.path, script]))
  const main = byPath.get(path)
  if (main === undefined) return undefined
  // A set is walked in the order in which it grows, each script once.
  const reached = new Set([main])
  for (const { sources } of reached)
    for (const source of sources) {
      const sourced = byPath.get(source.path)
      if (sourced) reached.add(sourced)
    }
  return [...reached].map(({ text }) => text.replace(/(^|\s)#.*$/gm, '$1')).join('\n')
}

/** The parameters that images of an engine and an era handle. */
export const parametersOf = (engine: EngineName, era: EraName): ParameterName[] => [
  ...baseParameters,
  ...engines[engine].parameters,
  ...eras[era].features.flatMap((name) => features[name].parameters as ParameterName[]),
]

/**
 * Tells whether a script handles a parameter of an engine: by its whole name, or by its end behind what a variable, a quotation or
 * a pattern stands for (`"$PREFIX"_cmd`, `${PREFIX}_cmd`, `*_cmd`). A variable of the script that is called alike does not count.
 */
export const handlesParameter = (text: string, name: string, engine: EngineName): boolean =>
  new RegExp(`(?:\\b${engines[engine].prefix}|[}"'*]_)${name}\\b`).test(text)

/** The prefix of another engine where the script handles a parameter by that one. */
export const otherPrefixOf = (text: string, name: string, engine: EngineName): string | undefined =>
  engineNames
    .filter((other) => other !== engine)
    .map((other) => engines[other].prefix)
    .find((prefix) => new RegExp(`\\b${prefix}${name}\\b`).test(text))

/** Tells whether a script names a marker. */
export const namesMarker = (text: string, name: string): boolean => new RegExp(`\\b${name}(?![A-Z_])`).test(text)

/** The features whose every parameter and word init handles; undefined where init cannot be read. */
export function handledFeatures(init: InitScripts, path: string, engine: EngineName): FeatureName[] | undefined {
  const text = initText(init, path)
  if (text === undefined) return undefined
  return featureNames.filter((name) => {
    const { parameters, words } = features[name]
    return (
      parameters.every((each) => handlesParameter(text, each, engine)) && words.every((word) => text.includes(word))
    )
  })
}
