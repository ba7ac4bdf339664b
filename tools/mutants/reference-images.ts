import type { ArchitectureName } from '../../harness/model/architecture.ts'
import { type RecipeName, recipes } from '../../harness/recipes/reference-image/recipe.ts'
import { ensureReferenceImage } from '../../harness/recipes/reference-image/reference-image.ts'

/** Reference images of one architecture, by the recipe they were built by. */
export type ReferenceImages = Readonly<Partial<Record<RecipeName, string>>>

/** The reference images of an architecture by these recipes, built where the cache has none. `tell` hears what is being done. */
export async function ensureReferenceImages(
  arch: ArchitectureName,
  wanted: Iterable<RecipeName> = Object.keys(recipes) as RecipeName[],
  tell: (line: string) => void = () => {},
): Promise<ReferenceImages> {
  const images: Partial<Record<RecipeName, string>> = {}
  for (const recipe of wanted) images[recipe] = await ensureReferenceImage(arch, { recipe, progress: tell })
  return images
}
