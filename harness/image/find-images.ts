import { existsSync, globSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { podman } from '../contract/engines.ts'
import { architectures } from '../model/architecture.ts'
import { CallFault } from '../model/faults.ts'
import type { ImageFile } from './image-file.ts'
import { holdsSquashfs, openImageFile } from './open-image-file.ts'

/** An image, with the kernel and initramfs that lie beside it where its folder has them. Paths are absolute. */
export interface FoundImage {
  image: ImageFile
  bootFiles?: { kernel: string; initramfs: string }
}

type BootFilePaths = NonNullable<FoundImage['bootFiles']>

/** One way in which builders lay out images in a folder. */
interface Layout {
  /** Where images are, relative to the folder. */
  pattern: string
  /** Tells whether a match is one; default yes. */
  matches?: (imagePath: string) => boolean
  /** File name of the initramfs beside the image; undefined where the layout has no boot files. */
  initramfs?: (imagePath: string) => string
}

const kernelNames = Object.values(architectures).map((architecture) => architecture.kernelFile)
const architecturePattern = `{${Object.keys(architectures).join(',')}}`
const blobInitramfs = () => 'initramfs.cpio.gz'
const { recipes, deployFolder, sdkFolder } = podman
const machineOf = (imagePath: string) => basename(dirname(imagePath))

/** Layouts in order of preference: of two that hold the same image the one with more boot files comes first. */
const layouts: readonly Layout[] = [
  { pattern: `${architecturePattern}/rootfs.img`, initramfs: blobInitramfs },
  { pattern: 'rootfs.img', initramfs: blobInitramfs },
  { pattern: `${sdkFolder}/${architecturePattern}/rootfs.img`, initramfs: blobInitramfs },
  { pattern: `{,tmp*/}deploy/images/*/${deployFolder}/${architecturePattern}/rootfs.img`, initramfs: blobInitramfs },
  {
    pattern: `{,tmp*/}deploy/images/*/${recipes.image}-*.rootfs.squashfs`,
    matches: (imagePath) => basename(imagePath) === `${recipes.image}-${machineOf(imagePath)}.rootfs.squashfs`,
    initramfs: (imagePath) => `${recipes.initramfs}-${machineOf(imagePath)}.cpio.gz`,
  },
  {
    pattern: '*',
    matches: (path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true && holdsSquashfs(path),
  },
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
  if (!status.isDirectory()) return [{ image: await openImageFile(path) }]
  const inLayouts = layouts.flatMap((layout) => imagesInLayout(path, layout))
  if (inLayouts.length === 0) throw new CallFault(nothingFound(path))
  const distinct = new Map<string, FoundPath>()
  for (const found of inLayouts) {
    const realPath = realpathSync(found.imagePath)
    if (!distinct.has(realPath)) distinct.set(realPath, found)
  }
  return Promise.all([...distinct.values()].map(openFound))
}

/** The blobs of the layer's other engine, which lie beside podman's in an SDK. No suite judges them yet. */
const otherSdkFolder = 'vdkr-blobs'

const nothingFound = (path: string): string =>
  existsSync(join(path, otherSdkFolder)) || basename(path) === otherSdkFolder
    ? `${path} holds images of docker alone (${otherSdkFolder}); this suite judges images of podman.`
    : `${path} holds no squashfs image, nor a folder layout that has one.`

interface FoundPath {
  imagePath: string
  bootFiles: BootFilePaths | undefined
}

function imagesInLayout(folder: string, layout: Layout): FoundPath[] {
  const imagePaths = globSync(layout.pattern, { cwd: folder })
    .sort()
    .map((match) => join(folder, match))
  const matching = imagePaths.filter((imagePath) => layout.matches?.(imagePath) ?? true)
  return matching.map((imagePath) => ({ imagePath, bootFiles: bootFilesBeside(imagePath, layout) }))
}

function bootFilesBeside(imagePath: string, layout: Layout): BootFilePaths | undefined {
  const beside = (name: string) => join(dirname(imagePath), name)
  const kernel = kernelNames.map(beside).find((path) => existsSync(path))
  const initramfs = layout.initramfs && beside(layout.initramfs(imagePath))
  return kernel && initramfs && existsSync(initramfs) ? { kernel, initramfs } : undefined
}

async function openFound({ imagePath, bootFiles }: FoundPath): Promise<FoundImage> {
  const image = await openImageFile(imagePath)
  return bootFiles ? { image, bootFiles } : { image }
}
