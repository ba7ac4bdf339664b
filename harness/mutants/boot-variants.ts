import { bootEquivalents } from '../../fixtures/mutants/boot-equivalents.ts'
import { bootMutants, plainBoots, type ScriptMutant } from '../../fixtures/mutants/boot-mutants.ts'
import { initLifeMutants } from '../../fixtures/mutants/init-life-mutants.ts'
import { runtimeMutants } from '../../fixtures/mutants/runtime-mutants.ts'
import { requirementsOf } from '../../suites/requirements.ts'
import type { ImageTree } from './image-tree.ts'

/** A variant that only shows what it is when it runs. */
export interface BootVariant {
  id: string
  suite: 'boot' | 'podman'
  change: (tree: ImageTree) => void
  /** Requirements that must fail; none for a harmless variant. */
  fails: readonly string[]
  /** Requirements that are asked, those that must fail included. */
  asked: readonly string[]
}

const replaced =
  ({ file, from, to }: Pick<ScriptMutant, 'file' | 'from' | 'to'>) =>
  (tree: ImageTree) =>
    tree.replace(`/${file}`, from, to)

const ofInit = (mutant: ScriptMutant): BootVariant => {
  const { id, fails, beside = plainBoots } = mutant
  return { id, suite: 'boot', change: replaced(mutant), fails, asked: [...new Set([...fails, ...beside])] }
}

/** Every mutant of init and podman. */
export const bootMutantVariants: readonly BootVariant[] = [
  ...[...bootMutants, ...initLifeMutants].map(ofInit),
  ...runtimeMutants.map(
    ({ id, tree, fails, beside }): BootVariant => ({
      ...{ id, suite: 'podman', change: tree, fails },
      asked: [...fails, ...beside],
    }),
  ),
]

/** Other inits that keep to the contract, each asked a representative slice of the boot suite. */
export const bootEquivalentVariants: readonly BootVariant[] = bootEquivalents.map((equivalent) => ({
  ...{ id: equivalent.id, suite: 'boot' as const, change: replaced(equivalent), fails: [] },
  asked: requirementsOf(['boot'], true).map(({ id }) => id),
}))
