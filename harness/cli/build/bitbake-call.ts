import { buildVariables, kernelTarget } from '../../contract/deployed.ts'
import { multiconfigs, podman } from '../../contract/engines.ts'
import { architectureNames } from '../../model/architecture.ts'
import { CallFault } from '../../model/faults.ts'
import type { BitbakeOrder } from '../../recipes/bitbake/bitbake-order.ts'
import { absolute } from '../option-values.ts'
import { parseVerifyCall } from '../parse-verify-call.ts'
import type { GivenOptions } from '../read-options.ts'
import type { VerifyRun } from '../verify-call.ts'
import { verifyOptions } from '../verify-options.ts'
import type { BuildCall } from './build-call.ts'
import type { BuildOption } from './build-options-table.ts'
import { verifyArguments } from './verify-arguments.ts'

/** Reads a call with `--builder bitbake`; what verify.mjs has options for is read as there. Throws CallFault. */
export function bitbakeCall(given: GivenOptions, folder: string): BuildCall {
  const buildDir = single(given, 'build-dir') ?? process.env.BUILDDIR
  if (buildDir === undefined)
    throw new CallFault('--builder bitbake needs --build-dir DIR, or BUILDDIR as oe-init-build-env sets it.')
  const verify = verifyRun(given, folder)
  const recipe = bitbakeName('recipe', single(given, 'recipe') ?? podman.recipes.image)
  const order: BitbakeOrder = {
    buildDir: absolute(buildDir, folder),
    recipe,
    multiconfigs: names(given, 'multiconfig') ?? verify.architectures.map((arch) => multiconfigs[arch]),
    targets: names(given, 'target') ?? targetsBeside(recipe),
    force: given.switches.has('force') || process.env[buildVariables.force] === '1',
    quiet: verify.quiet,
  }
  return { action: 'bitbake', order, verify }
}

/** The layer's own image has copies for runners, made by a recipe; another one what that recipe would copy. */
const targetsBeside = (recipe: string): readonly string[] =>
  recipe === podman.recipes.image ? [podman.recipes.deploy] : [podman.recipes.initramfs, kernelTarget]

function verifyRun(given: GivenOptions, folder: string): VerifyRun {
  const isAll = given.values.get('arch')?.includes('all')
  const values = new Map(given.values)
  if (isAll) values.set('arch', [...architectureNames])
  const options = parseVerifyCall(verifyArguments({ ...given, values }, verifyOptions), folder)
  if (options.action !== 'verify')
    throw new CallFault(
      `--${options.action} cannot be combined with --builder bitbake, which ends with a run: give it to verify.mjs.`,
    )
  return options
}

const single = (given: GivenOptions, option: BuildOption): string | undefined => given.values.get(option)?.at(-1)

function names(given: GivenOptions, option: BuildOption): string[] | undefined {
  const lists = given.values.get(option)
  return lists?.flatMap((list) => list.split(',')).map((name) => bitbakeName(option, name.trim()))
}

/** A name of bitbake's, or `recipe:do_task`; anything else would be an option or another target to it. */
function bitbakeName(option: BuildOption, name: string): string {
  if (/^[a-zA-Z0-9][\w.+/-]*(:do_\w+)?$/.test(name)) return name
  throw new CallFault(`--${option} takes names as bitbake has them, such as ${podman.recipes.image}, not "${name}".`)
}
