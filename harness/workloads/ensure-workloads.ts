import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { type ArchitectureName, architectureNames, architectures } from '../model/architecture.ts'
import { type CacheUse, cached, cacheKey } from '../platform/cache/cache.ts'
import { sourceTexts } from '../platform/cache/source-texts.ts'
import { downloadPackages, unpackPackages } from '../recipes/debian-packages.ts'
import { workloadTable } from './images/table.ts'
import { makeWorkloads, type Workloads, workloadsIn } from './make-workloads.ts'
import { workloadImageSchema } from './workload-image.ts'

/** The Debian release whose busybox-static is in the images. */
const release = 'trixie'
const listName = 'workloads.json'
const listSchema = Type.Array(workloadImageSchema)

/**
 * Returns all workload images, made where the cache has none (6 s for the two packages, 3 s for the layers). Throws
 * EnvironmentFault where the packages cannot be had.
 */
export async function ensureWorkloads(use: CacheUse = {}): Promise<Workloads> {
  const folder = await cached('workloads', await recipeKey(), make, use)
  const images = Value.Parse(listSchema, JSON.parse(await readFile(join(folder, listName), 'utf8')))
  return workloadsIn(folder, images)
}

/** The recipes are code, so their source is the input; compressed bytes also depend on the libraries inside Node. */
async function recipeKey(): Promise<string> {
  const { zlib = '', zstd = '' } = process.versions
  return cacheKey(release, zlib, zstd, ...(await sourceTexts('harness/workloads/**')))
}

async function make(folder: string): Promise<void> {
  const images = await makeWorkloads(workloadTable, await busyboxesOf(join(folder, 'packages')), folder)
  await writeFile(join(folder, listName), JSON.stringify(images))
}

async function busyboxesOf(folder: string): Promise<Record<ArchitectureName, Uint8Array>> {
  const unpack = async (arch: ArchitectureName): Promise<Uint8Array> => {
    const order = { arch: architectures[arch], release, packages: ['busybox-static'] }
    const tree = join(folder, arch, 'tree')
    await unpackPackages(await downloadPackages(order, join(folder, arch)), tree)
    return readFile(join(tree, 'usr', 'bin', 'busybox'))
  }
  const busyboxes = await Promise.all(architectureNames.map(async (arch) => [arch, await unpack(arch)] as const))
  await rm(folder, { recursive: true })
  return Object.fromEntries(busyboxes) as Record<ArchitectureName, Uint8Array>
}
