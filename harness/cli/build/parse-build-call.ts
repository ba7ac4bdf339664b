import { type ArchitectureName, architectureNames } from '../../model/architecture.ts'
import { CallFault } from '../../model/faults.ts'
import { callFolder } from '../../platform/call-folder.ts'
import { type RecipeName, recipes } from '../../recipes/reference-image/recipe.ts'
import { releaseOf } from '../../recipes/reference-image/reference-image.ts'
import { absolute, readList, readWord } from '../option-values.ts'
import { type GivenOptions, readOptions } from '../read-options.ts'
import { verifyOptions } from '../verify-options.ts'
import { bitbakeCall } from './bitbake-call.ts'
import type { BuildCall } from './build-call.ts'
import { type BuildOption, buildOptions } from './build-options-table.ts'

const everyArchitecture = 'all'

/**
 * Reads the arguments of build.mjs. Throws CallFault, in one sentence, for what it does not take.
 * @param folder that relative paths mean.
 */
export function parseBuildCall(args: readonly string[], folder = callFolder()): BuildCall {
  const given = readOptions(args, [...buildOptions, ...verifyOptions])
  if (given.switches.has('help')) return { action: 'help' }
  const [unexpected] = given.positionals
  if (unexpected !== undefined) throw new CallFault(`build.mjs takes options only, not "${unexpected}".`)
  const builder = readWord('builder', value(given, 'builder') ?? 'debian', ['debian', 'bitbake'])
  refuse(given, builder)
  return builder === 'bitbake' ? bitbakeCall(given, folder) : debianCall(given, folder)
}

function debianCall(given: GivenOptions, folder: string): BuildCall {
  const recipe = readWord('recipe', value(given, 'recipe') ?? 'vpdmn', Object.keys(recipes) as RecipeName[])
  const release = value(given, 'release')
  releaseOf(recipe, release)
  const out = value(given, 'out')
  const common = { ...(release === undefined ? {} : { release }), recipe, force: given.switches.has('force') }
  const orders = readArchitectures(given).map((arch) => ({
    arch,
    ...common,
    ...(out === undefined ? {} : { out: absolute(out, folder) }),
  }))
  return { action: 'build', orders }
}

/** What one of the builders alone has a use for. */
const foreign: Readonly<Record<'debian' | 'bitbake', readonly string[]>> = {
  debian: [
    ...(['build-dir', 'multiconfig', 'target'] satisfies BuildOption[]),
    ...verifyOptions.map(({ name }) => name).filter((name) => !buildOptions.some((own) => own.name === name)),
  ],
  bitbake: ['release'] satisfies BuildOption[],
}

function refuse(given: GivenOptions, builder: 'debian' | 'bitbake'): void {
  const unfit = foreign[builder].find((option) => given.values.has(option) || given.switches.has(option))
  if (unfit !== undefined) throw new CallFault(`--${unfit} has no effect with --builder ${builder}: leave it out.`)
}

const value = (given: GivenOptions, option: string): string | undefined => given.values.get(option)?.[0]

function readArchitectures(given: GivenOptions): readonly ArchitectureName[] {
  const read = readList('arch', given.values.get('arch') ?? [everyArchitecture], [
    ...architectureNames,
    everyArchitecture,
  ])
  return architectureNames.filter((arch) => read.includes(arch) || read.includes(everyArchitecture))
}
