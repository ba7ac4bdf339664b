import type { ArchitectureName } from '../../harness/model/architecture.ts'
import { type RecipeName, recipes } from '../../harness/recipes/reference-image/recipe.ts'
import { ensureReferenceImage } from '../../harness/recipes/reference-image/reference-image.ts'

/** Reference images of one architecture, by the recipe they were built by. */
export type ReferenceImages = Readonly<Record<RecipeName, string>>

/** Every reference image of an architecture, built where the cache has none. `tell` hears what is being done. */
export async function ensureReferenceImages(
  arch: ArchitectureName,
  tell: (line: string) => void = () => {},
): Promise<ReferenceImages> {
  const images = {} as Record<RecipeName, string>
  for (const recipe of Object.keys(recipes) as RecipeName[])
    images[recipe] = await ensureReferenceImage(arch, { recipe, progress: tell })
  return images
}
