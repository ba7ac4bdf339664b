import { readFile } from 'node:fs/promises'
import { type RecipeName, recipes, type ScriptName, scripts } from './recipe.ts'

const folder = new URL('./scripts/', import.meta.url)

/** Texts of the scripts of a recipe's image, by their name; the shared functions are made of the parts that its era has. */
export async function imageScripts(recipe: RecipeName): Promise<Record<ScriptName, string>> {
  const texts = await Promise.all(scripts.map(async (name) => [name, await scriptText(name, recipe)] as const))
  return Object.fromEntries(texts) as Record<ScriptName, string>
}

async function scriptText(name: ScriptName, recipe: RecipeName): Promise<string> {
  const paths =
    name === 'vcontainer-init-common.sh' ? recipes[recipe].sharedParts.map((part) => `parts/${part}.sh`) : [name]
  const parts = await Promise.all(paths.map((path) => readFile(new URL(path, folder), 'utf8')))
  return parts.join('')
}
