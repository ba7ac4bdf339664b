import { type ArchitectureName, architectureNames } from '../../model/architecture.ts'
import { CallFault } from '../../model/faults.ts'
import { callFolder } from '../../platform/call-folder.ts'
import { type RecipeName, recipes } from '../../recipes/reference-image/recipe.ts'
import { releaseOf } from '../../recipes/reference-image/reference-image.ts'
import { absolute, readWord } from '../option-values.ts'
import { type GivenOptions, readOptions } from '../read-options.ts'
import type { BuildCall } from './build-call.ts'
import { buildOptions } from './build-options-table.ts'

const everyArchitecture = 'all'

/**
 * Reads the arguments of build.mjs. Throws CallFault, in one sentence, for what it does not take.
 * @param folder that relative paths mean.
 */
export function parseBuildCall(args: readonly string[], folder = callFolder()): BuildCall {
  const given = readOptions(args, buildOptions)
  if (given.switches.has('help')) return { action: 'help' }
  const [unexpected] = given.positionals
  if (unexpected !== undefined) throw new CallFault(`build.mjs takes options only: "${unexpected}" is too much.`)
  const builder = readWord('builder', value(given, 'builder') ?? 'debian', ['debian', 'bitbake'])
  return builder === 'bitbake' ? bitbakeCall(given, folder) : debianCall(given, folder)
}

function debianCall(given: GivenOptions, folder: string): BuildCall {
  refuse(given, ['build-dir', 'suite'], 'debian')
  const recipe = readWord('recipe', value(given, 'recipe') ?? 'vpdmn', Object.keys(recipes) as RecipeName[])
  const release = value(given, 'release')
  releaseOf(recipe, release)
  const out = value(given, 'out')
  const common = { ...(release === undefined ? {} : { release }), recipe, force: given.switches.has('force') }
  const orders = readArchitectures(value(given, 'arch') ?? everyArchitecture).map((arch) => ({
    arch,
    ...common,
    ...(out === undefined ? {} : { out: absolute(out, folder) }),
  }))
  return { action: 'build', orders }
}

function bitbakeCall(given: GivenOptions, folder: string): BuildCall {
  refuse(given, ['release', 'recipe', 'out'], 'bitbake')
  const buildDir = value(given, 'build-dir')
  if (buildDir === undefined) throw new CallFault('--builder bitbake needs --build-dir DIR.')
  const architectures = readArchitectures(value(given, 'arch') ?? everyArchitecture)
  const suite = value(given, 'suite')
  return {
    action: 'bitbake',
    buildDir: absolute(buildDir, folder),
    architectures,
    force: given.switches.has('force'),
    verifyArguments: [buildDir, '--arch', architectures.join(), ...(suite === undefined ? [] : ['--suite', suite])],
  }
}

function refuse(given: GivenOptions, options: readonly string[], builder: string): void {
  const [unfit] = options.filter((option) => given.values.has(option))
  if (unfit !== undefined) throw new CallFault(`--${unfit} says nothing to --builder ${builder}: leave it out.`)
}

const value = (given: GivenOptions, option: string): string | undefined => given.values.get(option)?.[0]

function readArchitectures(word: string): readonly ArchitectureName[] {
  const read = readWord('arch', word, [...architectureNames, everyArchitecture])
  return architectureNames.filter((arch) => read === arch || read === everyArchitecture)
}
