import type { ExpectedFinding } from '../../fixtures/static/cases/check-case.ts'
import type { ImageTree } from '../../harness/image/variant/image-tree.ts'
import type { ShippedKernel } from '../../harness/inspect/kernel/shipped-kernel.ts'
import type { RecipeName } from '../../harness/recipes/reference-image/recipe.ts'

/** Its files are changed. */
export interface TreeChange {
  tree: (tree: ImageTree) => void
}

/** How a variant is made of a reference image. */
type Change =
  | TreeChange
  /** The bytes of the squashfs are changed; `middleOf` tells where the middle of a file's stored data lies in them. */
  | { bytes: (image: Buffer, middleOf: (path: string) => number) => Buffer }
  /** The kernel beside it is Debian's, changed, and maybe its files are. */
  | { kernel: (kernel: ShippedKernel) => ShippedKernel; tree?: (tree: ImageTree) => void }
  /** Its files are packed anew by mksquashfs with these options. */
  | { packing: readonly string[] }

/** A variant of the reference image. */
export type Variant = Change & {
  id: string
  /** How it comes about in life. */
  happens: string
  /** Deploys the image as a build does, in a folder of its own below the image's, and returns the path that is judged. */
  deployed?: (imagePath: string) => string
  /** The recipe whose image is changed, and by whose profile the variant is judged; default `vpdmn`. */
  recipe?: RecipeName
}

/** A variant that is broken, and by which requirements of the static suite that must be seen. */
export type StaticMutant = Variant & {
  breaks: string
  /** The requirements that fail on it, and no others; the one that it is about comes first. */
  fails: readonly string[]
  /**
   * What one of them says of it on the tiny image, which is changed in the same way; missing where the tiny image lacks what is
   * changed. `npm run check` judges these without the reference images.
   */
  finds?: ExpectedFinding
}

/** Stands for the requirement where `verify` refuses the input itself, with exit code 2. */
export const refusedInput = 'refused input'
