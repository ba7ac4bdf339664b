import { existsSync, globSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { blobNames, imageFileName, initramfsLink, kernelLinks } from '../contract/deployed.ts'
import { architectures } from '../model/architecture.ts'

/** Kernel and initramfs as absolute paths. */
export interface BootFilePaths {
  kernel: string
  initramfs: string
}

const kernelNames = Object.values(architectures).map((architecture) => architecture.kernelFile)

/** The kernel and initramfs that lie beside an image or, where it is a link, beside what it leads to. Both, or none. */
export function bootFilesBeside(imagePath: string): BootFilePaths | undefined {
  const paths = new Set([imagePath, realpathSync(imagePath)])
  return [...paths].map((path) => inBlobFolder(path) ?? inMachineFolder(path)).find((found) => found !== undefined)
}

function inBlobFolder(imagePath: string): BootFilePaths | undefined {
  if (basename(imagePath) !== blobNames.image) return undefined
  return bothOf(dirname(imagePath), kernelNames, blobNames.initramfs)
}

/** Recipe and machine are joined in an image's name; which part is the machine, the initramfs beside it tells. */
function inMachineFolder(imagePath: string): BootFilePaths | undefined {
  const folder = dirname(imagePath)
  const named = imageFileName.exec(basename(imagePath))?.groups?.recipeAndMachine
  if (named === undefined) return undefined
  for (const file of globSync('*.cpio.gz', { cwd: folder })) {
    const machine = initramfsLink.exec(file)?.groups?.machine
    if (machine === undefined || !named.endsWith(`-${machine}`)) continue
    const names = kernelNames.flatMap((kernel) => kernelLinks(kernel, machine))
    return bothOf(folder, names, file)
  }
  return undefined
}

function bothOf(folder: string, kernels: readonly string[], initramfsName: string): BootFilePaths | undefined {
  const kernel = kernels.map((name) => join(folder, name)).find((path) => existsSync(path))
  const initramfs = join(folder, initramfsName)
  return kernel !== undefined && existsSync(initramfs) ? { kernel, initramfs } : undefined
}
