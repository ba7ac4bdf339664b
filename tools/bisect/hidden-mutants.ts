import type { ImageTree } from '../../harness/image/variant/image-tree.ts'
import { CallFault } from '../../harness/model/faults.ts'
import type { RecipeName } from '../../harness/recipes/reference-image/recipe.ts'
import { bootMutantVariants } from '../mutants/boot-variants.ts'
import { staticMutants } from '../mutants/static-mutants.ts'

/** A mutant that a bisection is to find, and the requirement that it breaks. */
export interface HiddenMutant {
  id: string
  recipe: RecipeName
  change: (tree: ImageTree) => void
  requirement: string
}

const ofFiles: readonly HiddenMutant[] = staticMutants.flatMap((mutant) => {
  const { id, fails, recipe = 'vpdmn', deployed } = mutant
  const [requirement] = fails
  if (!('tree' in mutant) || 'kernel' in mutant || deployed || recipe !== 'vpdmn' || !requirement) return []
  // A hybrid has the data of both images, so that its size says nothing.
  return requirement.startsWith('SIZ-') ? [] : [{ id, recipe, change: mutant.tree, requirement }]
})

const ofGuests: readonly HiddenMutant[] = bootMutantVariants.flatMap(
  ({ id, suite, recipe, change, initramfs, fails: [requirement] }) =>
    suite === 'performance' || initramfs || !requirement ? [] : [{ id, recipe, change, requirement }],
)

const wantedCount = 20

/** Twenty mutants of all areas of the static suite. */
export const twentyMutants: readonly HiddenMutant[] = Array.from(
  { length: wantedCount },
  (_, index) => ofFiles[Math.floor((index * ofFiles.length) / wantedCount)] as HiddenMutant,
)

/** A mutant of files or of guests. Throws CallFault where there is none of this ID. */
export function hiddenMutant(id: string): HiddenMutant {
  const found = [...ofFiles, ...ofGuests].find((mutant) => mutant.id === id)
  if (found === undefined) throw new CallFault(`There is no mutant ${id} that is a change of files alone.`)
  return found
}
