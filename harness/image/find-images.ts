import { realpathSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { blobNames } from '../contract/deployed.ts'
import { engines } from '../contract/engines.ts'
import { architectures } from '../model/architecture.ts'
import { CallFault } from '../model/faults.ts'
import { type BootFilePaths, bootFilesBeside } from './boot-files-beside.ts'
import type { ImageFile } from './image-file.ts'
import { deployedImages, deploymentOf, imagesOfOtherRecipes, matchesIn } from './machine-folder.ts'
import { holdsSquashfs, openImageFile } from './open-image-file.ts'
import { unlessVanished } from './vanished.ts'

/** An image, with the kernel and initramfs that lie beside it where its folder has them. Paths are absolute. */
export interface FoundImage {
  image: ImageFile
  bootFiles?: BootFilePaths
}

/** What a folder may be, by the images in it; the first that has some counts. */
const layouts: readonly ((folder: string) => string[])[] = [
  (folder) => [...deployedImages(folder), ...blobsIn(folder)],
  imagesOfOtherRecipes,
  (folder) => squashfsFilesIn(folder),
]

const architecturePattern = `{${Object.keys(architectures).join(',')}}`

/** Where blob folders have images, relative to them. */
const blobPatterns = [
  join(architecturePattern, blobNames.image),
  blobNames.image,
  ...Object.values(engines).map(({ sdkFolder }) => join(sdkFolder, architecturePattern, blobNames.image)),
]

/**
 * Finds the images that the paths name: each a squashfs, a folder of them, a blob folder, an SDK with one, or a bitbake build folder.
 * Throws CallFault, one sentence, for a path that is none of these and for an unreadable image.
 */
export async function findImages(paths: readonly string[]): Promise<FoundImage[]> {
  const found = new Map<string, FoundImage>()
  for (const path of paths) {
    for (const image of await imagesAt(resolve(path)))
      if (!found.has(image.image.sha256)) found.set(image.image.sha256, image)
  }
  return [...found.values()]
}

async function imagesAt(path: string): Promise<FoundImage[]> {
  const status = statSync(path, { throwIfNoEntry: false })
  if (!status) throw new CallFault(`${path} does not exist.`)
  if (!status.isDirectory()) return [await imageFileAt(path)]
  const found = layouts.map((imagesIn) => imagesIn(path)).find((paths) => paths.length > 0)
  if (found === undefined) throw new CallFault(`${path} holds no squashfs image, nor a folder layout that has one.`)
  const distinct = new Map<string, string>()
  for (const imagePath of found) {
    const realPath = realpathSync(imagePath)
    if (!distinct.has(realPath)) distinct.set(realPath, imagePath)
  }
  return Promise.all([...distinct.values()].map(imageFileAt))
}

async function imageFileAt(path: string): Promise<FoundImage> {
  try {
    const image = { ...(await openImageFile(path)), ...deployed(path) }
    const bootFiles = bootFilesBeside(path)
    return bootFiles ? { image, bootFiles } : { image }
  } catch (error) {
    throw unlessVanished(path, error)
  }
}

function deployed(path: string): Pick<ImageFile, 'deployment'> {
  const deployment = deploymentOf(path)
  return Object.keys(deployment).length > 0 ? { deployment } : {}
}

const blobsIn = (folder: string): string[] => blobPatterns.flatMap((pattern) => matchesIn(folder, pattern))

const squashfsFilesIn = (folder: string): string[] =>
  matchesIn(folder, '*').filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() && holdsSquashfs(path))
