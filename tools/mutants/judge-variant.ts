import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { debianKernel } from '../../fixtures/kernels/debian-kernels.ts'
import { findImages } from '../../harness/image/find-images.ts'
import { openSquashfs } from '../../harness/image/squashfs/squashfs.ts'
import { VariantFile } from '../../harness/image/variant/variant-file.ts'
import { inspectImage } from '../../harness/inspect/inspect-image.ts'
import type { ShippedKernel } from '../../harness/inspect/kernel/shipped-kernel.ts'
import type { ArchitectureName } from '../../harness/model/architecture.ts'
import { CallFault } from '../../harness/model/faults.ts'
import type { RequirementResult } from '../../harness/model/result.ts'
import { requireTool } from '../../harness/platform/process/run-tool.ts'
import { loadProfile } from '../../harness/profile/profile.ts'
import type { RecipeName } from '../../harness/recipes/reference-image/recipe.ts'
import { checkImage } from '../../suites/static/check-image.ts'
import type { ReferenceImages } from './reference-images.ts'
import { refusedInput, type Variant } from './variant.ts'

/** Packing 140 MB takes seconds. */
const toolTimeoutMs = 300_000

/** Makes variants of the reference images of one architecture, one after the other, and judges them as `verify` does. */
export class VariantJudge {
  readonly #arch: ArchitectureName
  readonly #images: ReferenceImages
  readonly #folder: string
  readonly #files = new Map<RecipeName, VariantFile>()

  /** @param folder in which it works alone, and which is removed with all in it by who made it. */
  constructor(arch: ArchitectureName, images: ReferenceImages, folder: string) {
    this.#arch = arch
    this.#images = images
    this.#folder = folder
  }

  /** IDs of the static requirements that fail on a variant, those of a broken check included. */
  async judge(variant: Variant): Promise<string[]> {
    try {
      return (await this.failures(variant)).map(({ id }) => id)
    } catch (error) {
      if (error instanceof CallFault) return [refusedInput]
      throw error
    }
  }

  /** Results of those requirements. Throws CallFault where `verify` refuses the variant. */
  async failures(variant: Variant): Promise<RequirementResult[]> {
    const { deployed = (path) => path, recipe = 'vpdmn' } = variant
    const path =
      'packing' in variant
        ? await this.#packed(recipe, variant.packing)
        : 'bytes' in variant
          ? this.#file(recipe).withBytes(variant.bytes)
          : this.#file(recipe).withTree(variant.tree ?? (() => undefined))
    const kernel = 'kernel' in variant ? variant.kernel(debianKernel(this.#arch)) : undefined
    return failuresOf(deployed(path), recipe, kernel)
  }

  close(): void {
    for (const file of this.#files.values()) file.close()
  }

  #image(recipe: RecipeName): string {
    const image = this.#images[recipe]
    if (image === undefined) throw new Error(`No reference image of the recipe ${recipe} was made.`)
    return image
  }

  #file(recipe: RecipeName): VariantFile {
    const known = this.#files.get(recipe)
    if (known) return known
    const file = new VariantFile(this.#image(recipe), this.#arch, join(this.#folder, `${recipe}.squashfs`))
    this.#files.set(recipe, file)
    return file
  }

  async #packed(recipe: RecipeName, options: readonly string[]): Promise<string> {
    const tree = join(this.#folder, `${recipe}-tree`)
    const image = join(this.#folder, 'packed.squashfs')
    await rm(tree, { recursive: true, force: true })
    await requireTool('unsquashfs', ['-quiet', '-no-progress', '-dest', tree, this.#image(recipe)], {
      timeoutMs: toolTimeoutMs,
    })
    // Certificates that were valid when the image was made have expired by now.
    const squashfs = openSquashfs(this.#image(recipe))
    const { mkfsTimeS } = squashfs.superblock
    squashfs.close()
    const fixed = ['-noappend', '-quiet', '-no-progress', '-all-root', '-mkfs-time', String(mkfsTimeS)]
    await requireTool('mksquashfs', [tree, image, ...fixed, ...options], { timeoutMs: toolTimeoutMs })
    await rm(tree, { recursive: true })
    return image
  }
}

async function failuresOf(path: string, recipe: RecipeName, kernel?: ShippedKernel): Promise<RequirementResult[]> {
  const profile = await loadProfile(recipe)
  const [found] = await findImages([path])
  if (found === undefined) throw new Error('A path of a file names one image.')
  const inspected = await inspectImage(found.image, profile)
  try {
    const results = await checkImage(kernel ? { ...inspected, kernel } : inspected, profile)
    return results.filter(({ status }) => status === 'fail' || status === 'error')
  } finally {
    inspected.close()
  }
}
