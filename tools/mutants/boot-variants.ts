import type { ImageTree } from '../../harness/image/variant/image-tree.ts'
import type { RecipeName } from '../../harness/recipes/reference-image/recipe.ts'
import { requirementsOf } from '../../suites/requirements.ts'
import {
  type FieldEquivalent,
  fieldEquivalents,
  fieldUndecided,
  fieldWarnings,
} from '../equivalents/field-equivalents.ts'
import { layOutAsYocto } from '../equivalents/yocto-image.ts'
import { bootEquivalents } from './boot/boot-equivalents.ts'
import { bootMutants, fullRecipe, plainBoots, type ScriptMutant } from './boot/boot-mutants.ts'
import { carrierMutants } from './boot/carrier-mutants.ts'
import { deviceMutants } from './boot/device-mutants.ts'
import { engineMutants } from './boot/engine-mutants.ts'
import { initLifeMutants } from './boot/init-life-mutants.ts'
import { initramfsMutants } from './boot/initramfs-mutants.ts'
import { performanceMutants } from './boot/performance-mutants.ts'
import { runtimeMutants } from './boot/runtime-mutants.ts'
import { sessionMutants } from './boot/session-mutants.ts'
import { domainInitramfsMutants, xenMutants } from './boot/xen-mutants.ts'
import type { RuntimeMutant } from './runtime/runtime-mutant.ts'

/** A variant that only shows what it is when it runs. */
export interface BootVariant {
  id: string
  suite: 'boot' | 'podman' | 'xen' | 'performance'
  /** The recipe whose image is changed, and by whose profile the variant is judged. */
  recipe: RecipeName
  change: (tree: ImageTree) => void
  /** How the `/init` of the initramfs is changed, where it is that which is broken and not the image. */
  initramfs?: (script: string) => string
  /** Requirements that must fail; none for a harmless variant. */
  fails: readonly string[]
  /** Requirements that are asked, those that must fail included. */
  asked: readonly string[]
}

/** Every mutant of the image's scripts. */
export const initMutants: readonly ScriptMutant[] = [
  ...bootMutants,
  ...initLifeMutants,
  ...deviceMutants,
  ...sessionMutants,
  ...carrierMutants,
]

const replaced =
  ({ file, from, to }: Pick<ScriptMutant, 'file' | 'from' | 'to'>) =>
  (tree: ImageTree) =>
    tree.replace(`/${file}`, from, to)

const ofInit = (mutant: ScriptMutant): BootVariant => ({
  ...{ id: mutant.id, suite: 'boot', recipe: mutant.recipe ?? fullRecipe, change: replaced(mutant) },
  ...asked(mutant),
})

const ofInitramfs = (mutant: (typeof initramfsMutants)[number]): BootVariant => ({
  ...{ id: mutant.id, suite: 'boot', recipe: mutant.recipe ?? fullRecipe, change: () => {} },
  initramfs: (script) => replacedOnce(script, mutant.from, mutant.to),
  ...asked(mutant),
})

const asked = ({ fails, beside = plainBoots }: Pick<ScriptMutant, 'fails' | 'beside'>) => ({
  fails,
  asked: [...new Set([...fails, ...beside])],
})

function replacedOnce(script: string, from: string, to: string): string {
  const parts = script.split(from)
  if (parts.length !== 2) throw new Error(`The script holds ${parts.length - 1} times: ${from}`)
  return parts.join(to)
}

const ofSuite =
  (suite: BootVariant['suite']) =>
  ({ id, tree, fails, beside }: RuntimeMutant): BootVariant => ({
    ...{ id, suite, recipe: fullRecipe, change: tree, fails },
    asked: [...fails, ...beside],
  })

/** The same of an init that runs in a domain of Xen. */
const inDomains = (variant: BootVariant): BootVariant => ({ ...variant, suite: 'xen' })

/** Every mutant of init, the initramfs and podman. */
export const bootMutantVariants: readonly BootVariant[] = [
  ...initMutants.map(ofInit),
  ...initramfsMutants.map(ofInitramfs),
  ...[...xenMutants.map(ofInit), ...domainInitramfsMutants.map(ofInitramfs)].map(inDomains),
  ...engineMutants.map(ofSuite('boot')),
  ...runtimeMutants.map(ofSuite('podman')),
  ...performanceMutants.map(ofSuite('performance')),
]

const ofField = ({ id, recipe, init }: FieldEquivalent): BootVariant => ({
  ...{ id, suite: 'boot', recipe, change: (tree) => tree.write('/init', init, 0o755) },
  fails: fieldWarnings,
  asked: idsOf(false).filter((each) => !fieldUndecided.includes(each)),
})

const idsOf = (quick: boolean, suite: BootVariant['suite'] = 'boot'): string[] =>
  requirementsOf([suite], quick).map(({ id }) => id)

const inYoctosManner = (id: string, suite: BootVariant['suite']): BootVariant => ({
  ...{ id, suite, recipe: 'vpdmn-2026', change: layOutAsYocto, fails: [], asked: idsOf(true, suite) },
})

/**
 * Other inits that keep to the contract, each asked a representative slice of the boot suite, as is the image in Yocto's manner, of the
 * podman suite too; those in the field's manner are asked all of the boot suite.
 */
export const bootEquivalentVariants: readonly BootVariant[] = [
  ...bootEquivalents.map((equivalent) => ({
    ...{ id: equivalent.id, suite: 'boot' as const, recipe: equivalent.recipe ?? fullRecipe },
    ...{ change: replaced(equivalent), fails: [], asked: idsOf(true) },
  })),
  ...fieldEquivalents.map(ofField),
  inYoctosManner('yocto-image-boots', 'boot'),
  inYoctosManner('yocto-image-runs-containers', 'podman'),
]
