import { engines } from './engines.ts'

/** How bitbake names what it deploys, and what decides what it builds; where it deploys, it tells itself. */

/** Files in the folder of one architecture, for runners. */
export const blobNames = { image: 'rootfs.img', initramfs: 'initramfs.cpio.gz' } as const

/** The link to an image in the folder of its machine, and the dated file behind it; what precedes is recipe and machine. */
export const imageFileName = /^(?<recipeAndMachine>.+)\.rootfs(?:-\d{14})?\.squashfs$/
/** The link to the image of a recipe. */
export const imageLink = (recipe: string, machine: string): string => `${recipe}-${machine}.rootfs.squashfs`
/** Yocto's own bill of materials, beside an image of either name. */
export const spdxBeside = (imagePath: string): string => imagePath.replace(/\.squashfs$/, '.spdx.json')
/** Yocto's variables at the time of the build, beside an image of either name. */
export const variablesBeside = (imagePath: string): string => imagePath.replace(/\.squashfs$/, '.testdata.json')

const initramfsRecipes = Object.values(engines).map(({ recipes }) => recipes.initramfs)
/** The link to the initramfs of a machine, whose name is the group. */
export const initramfsLink = new RegExp(`^(?:${initramfsRecipes.join('|')})-(?<machine>.+?)\\.cpio\\.gz$`)
/** Links to the kernel of a machine, the one that names it first. */
export const kernelLinks = (kernelFile: string, machine: string): string[] => [
  `${kernelFile}-${machine}.bin`,
  kernelFile,
]

/** The folder of deployed images, below a build folder, a TMPDIR, or a DEPLOY_DIR, and one of them. */
export const machineFolderPatterns = ['.', '*', 'images/*', 'deploy/images/*', 'tmp*/deploy/images/*'] as const

/** Variables of bitbake and of the layer's recipes. */
export const buildVariables = {
  multiconfigs: 'BBMULTICONFIG',
  force: 'VCONTAINER_FORCE_BUILD',
  deployFolder: 'DEPLOY_DIR_IMAGE',
  imageLink: 'IMAGE_LINK_NAME',
} as const

/** What provides a machine's kernel. */
export const kernelTarget = 'virtual/kernel'
