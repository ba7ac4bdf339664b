import { baseParameters, type ParameterName, podman, xenPrefix } from '../../contract/engines.ts'
import { type EraName, eras, type FeatureName, featureNames, features } from '../../contract/eras.ts'
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

/** The parameters that images of an era handle. */
export const parametersOf = (era: EraName): ParameterName[] => [
  ...baseParameters,
  ...eras[era].features.flatMap((name) => features[name].parameters as ParameterName[]),
]

/**
 * Tells whether a script handles a parameter: by its whole name, or by its end behind what a variable, a quotation or a pattern
 * stands for (`"$PREFIX"_cmd`, `${PREFIX}_cmd`, `*_cmd`). A variable of the script that is called alike does not count.
 */
export const handlesParameter = (text: string, name: string): boolean =>
  new RegExp(`(?:\\b${podman.prefix}|[}"'*]_)${name}\\b`).test(text)

/** The prefix of the other engine where the script handles a parameter by that one. */
export const otherPrefixOf = (text: string, name: string): string | undefined =>
  new RegExp(`\\b${xenPrefix}${name}\\b`).test(text) ? xenPrefix : undefined

/** Tells whether a script names a marker. */
export const namesMarker = (text: string, name: string): boolean => new RegExp(`\\b${name}(?![A-Z_])`).test(text)

/** The features whose every parameter and word init handles; undefined where init cannot be read. */
export function handledFeatures(init: InitScripts, path: string): FeatureName[] | undefined {
  const text = initText(init, path)
  if (text === undefined) return undefined
  return featureNames.filter((name) => {
    const { parameters, words } = features[name]
    return parameters.every((each) => handlesParameter(text, each)) && words.every((word) => text.includes(word))
  })
}
