import { lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type RecipeName, recipes, scripts, unwantedPackages } from '../../fixtures/reference-image/recipe.ts'
import { type Architecture, type ArchitectureName, architectures } from '../architecture.ts'
import { cached, cacheKey } from '../cache/cache.ts'
import { type BuildOptions, defaultRelease, sourceTexts } from './build-options.ts'
import { downloadPackages, requireReleaseName, unpackPackages } from './debian-packages.ts'
import { writePackageDatabase } from './package-database.ts'
import { finishTree } from './reference-tree.ts'
import { packSquashfs } from './squashfs.ts'

const recipeFolder = new URL('../../fixtures/reference-image/', import.meta.url)
const recipeFiles = [...scripts.map((name) => `scripts/${name}`), 'recipe.ts'].map(
  (path) => new URL(path, recipeFolder),
)

export interface ImageOptions extends BuildOptions {
  /** Which revision of the seed recipe; default `vpdmn`. */
  recipe?: RecipeName
}

/**
 * Returns the absolute path of the reference image's squashfs: built from Debian packages on first use, then taken from
 * the cache. Its key starts with the three scripts; `VCONTAINER_FORCE_BUILD=1` builds always, as in the recipe. Throws
 * CallFault for an impossible release name, EnvironmentFault when it cannot be built.
 */
export async function ensureReferenceImage(arch: ArchitectureName, options: ImageOptions = {}): Promise<string> {
  const release = options.release ?? defaultRelease
  const recipe = options.recipe ?? 'vpdmn'
  requireReleaseName(release)
  const force = options.force === true || process.env.VCONTAINER_FORCE_BUILD === '1'
  const key = cacheKey('image', ...(await sourceTexts(...recipeFiles)), arch, release, recipe)
  const make = (making: string) => build(architectures[arch], release, recipe, making, options)
  return join(await cached('image', key, make, { force }), 'rootfs.squashfs')
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
  await finishTree(tree, recipe, dateSeconds)
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
