import { lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Architecture, type ArchitectureName, architectures } from '../../model/architecture.ts'
import { CallFault } from '../../model/faults.ts'
import { cached, cacheKey } from '../../platform/cache/cache.ts'
import { type BuildOptions, defaultRelease, sourceTexts } from '../build-options.ts'
import { downloadPackages, requireReleaseName, unpackPackages } from '../debian-packages.ts'
import { packSquashfs } from '../squashfs.ts'
import { imageScripts } from './image-scripts.ts'
import { writePackageDatabase } from './package-database.ts'
import { type RecipeName, recipes, unwantedPackages } from './recipe.ts'
import { finishTree } from './reference-tree.ts'

const recipeFile = new URL('./recipe.ts', import.meta.url)

export interface ImageOptions extends BuildOptions {
  /** Which era's recipe; default `vpdmn`. */
  recipe?: RecipeName
}

/**
 * Returns the absolute path of the reference image's squashfs: built from Debian packages on first use, then taken from
 * the cache. Its key starts with the three scripts; `VCONTAINER_FORCE_BUILD=1` builds always, as in the recipe. Throws
 * CallFault for a release that the recipe cannot be built of, EnvironmentFault when it cannot be built.
 */
export async function ensureReferenceImage(arch: ArchitectureName, options: ImageOptions = {}): Promise<string> {
  const recipe = options.recipe ?? 'vpdmn'
  const release = releaseOf(recipe, options.release)
  const force = options.force === true || process.env.VCONTAINER_FORCE_BUILD === '1'
  const texts = Object.values(await imageScripts(recipe))
  const key = cacheKey('image', ...texts, ...(await sourceTexts(recipeFile)), arch, release, recipe)
  const make = (making: string) => build(architectures[arch], release, recipe, making, options)
  return join(await cached('image', key, make, { force }), 'rootfs.squashfs')
}

/** The Debian release to build a recipe of. Throws CallFault for one that it cannot be built of. */
export function releaseOf(recipe: RecipeName, asked?: string): string {
  const { onlyRelease } = recipes[recipe]
  const release = asked ?? onlyRelease?.name ?? defaultRelease
  requireReleaseName(release)
  if (onlyRelease !== undefined && release !== onlyRelease.name)
    throw new CallFault(`The recipe ${recipe} is built of Debian ${onlyRelease.name} only: ${onlyRelease.why}.`)
  return release
}

async function build(
  arch: Architecture,
  release: string,
  recipeName: RecipeName,
  folder: string,
  options: ImageOptions,
): Promise<void> {
  const progress = (step: string) => options.progress?.(`reference image ${recipeName} ${arch.name}: ${step}`)
  const recipe = recipes[recipeName]
  const work = join(folder, 'work')
  const tree = join(work, 'tree')
  progress(`downloading packages of Debian ${release}`)
  const downloaded = await downloadPackages({ arch, release, packages: recipe.packages }, work)
  const archives = downloaded.filter(({ name }) => !isExcluded(name, recipe.excludedPackages))
  progress(`unpacking ${archives.length} packages`)
  await unpackPackages(archives, tree)
  const dateSeconds = await newestFileSeconds(tree)
  progress('finishing the tree')
  await finishTree(tree, recipeName, dateSeconds)
  await writePackageDatabase(archives, tree)
  progress('packing the squashfs')
  await packSquashfs(tree, join(folder, 'rootfs.squashfs'), dateSeconds)
  await rm(work, { recursive: true })
}

const isExcluded = (name: string, excluded: readonly string[]): boolean =>
  excluded.includes(name) || unwantedPackages.some((pattern) => new RegExp(`^(?:${pattern.source})$`).test(name))

/** The image's date is that of its newest packaged file: it depends on nothing but the packages. */
async function newestFileSeconds(tree: string): Promise<number> {
  const entries = await readdir(tree, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const times = await Promise.all(files.map(async (entry) => (await lstat(join(entry.parentPath, entry.name))).mtimeMs))
  return Math.floor(times.reduce((newest, time) => Math.max(newest, time), 0) / 1000)
}
