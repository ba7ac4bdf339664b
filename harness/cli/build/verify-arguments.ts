import type { GivenOptions, Option } from '../read-options.ts'

/** What of a command line is for verify.mjs, by its options, spelled so that it reads the same again. */
export const verifyArguments = ({ values, switches }: GivenOptions, options: readonly Option[]): string[] =>
  options.flatMap(({ name }) => [
    ...(values.get(name) ?? []).map((value) => `--${name}=${value}`),
    ...(switches.has(name) ? [`--${name}`] : []),
  ])
