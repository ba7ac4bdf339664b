import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { freemem } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { defaultJobs } from '../../harness/cli/default-jobs.ts'
import { featuresWithout } from '../../harness/contract/eras.ts'
import { chooseAccelerator } from '../../harness/guest/prepare/accelerator.ts'
import type { BootFiles } from '../../harness/image/image-file.ts'
import { openImageFile } from '../../harness/image/open-image-file.ts'
import { VariantFile } from '../../harness/image/variant/variant-file.ts'
import type { ArchitectureName } from '../../harness/model/architecture.ts'
import type { RequirementResult } from '../../harness/model/result.ts'
import type { Status } from '../../harness/model/status.ts'
import type { Lifetime } from '../../harness/platform/process/lifetime.ts'
import { loadProfile } from '../../harness/profile/profile.ts'
import { ensureBootKit, initramfsScript } from '../../harness/recipes/boot-kit/boot-kit.ts'
import { writeCpio } from '../../harness/recipes/cpio-archive.ts'
import { ensureReferenceImage } from '../../harness/recipes/reference-image/reference-image.ts'
import { askGuests, type GuestQuestion } from '../../harness/run/ask-guests.ts'
import type { BootVariant } from './boot-variants.ts'
import { judgeMeasured } from './judge-measured.ts'

/** Which results speak against a variant; one that is blocked would have failed by itself. */
const isAgainst: Partial<Record<Status, true>> = { fail: true, error: true, blocked: true }

/** Boots variants of the reference image of one architecture and asks some requirements of each. */
export class BootJudge {
  readonly #arch: ArchitectureName
  readonly #folder: string
  readonly #lifetime: Lifetime
  readonly #jobs: number

  /**
   * @param folder that belongs to it alone.
   * @param jobs how many guests of one variant may run side by side at most.
   */
  constructor(arch: ArchitectureName, folder: string, lifetime: Lifetime, jobs: number) {
    this.#arch = arch
    this.#folder = folder
    this.#lifetime = lifetime
    this.#jobs = jobs
  }

  /** IDs of the requirements asked for that fail on a variant, those whose test broke included. */
  async judge({ id, suite, recipe, change, initramfs, asked }: BootVariant): Promise<string[]> {
    const folder = join(this.#folder, id)
    await mkdir(folder, { recursive: true })
    try {
      const reference = await ensureReferenceImage(this.#arch, { recipe })
      const image = new VariantFile(reference, this.#arch, join(folder, 'rootfs.squashfs'))
      const imagePath = image.withTree(change)
      image.close()
      const results =
        suite === 'performance'
          ? await judgeMeasured({ imagePath, recipe, arch: this.#arch, folder }, this.#lifetime)
          : await this.#exercise(
              { id, suite, recipe, asked },
              imagePath,
              await this.#bootFiles(folder, initramfs),
              folder,
            )
      const failed = results.filter(({ status }) => isAgainst[status]).map((result) => result.id)
      return failed.filter((each) => asked.includes(each))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  async #exercise(
    { id, suite, recipe, asked }: Pick<BootVariant, 'id' | 'recipe' | 'asked'> & { suite: GuestQuestion['suite'] },
    imagePath: string,
    boot: BootFiles,
    runFolder: string,
  ): Promise<readonly RequirementResult[]> {
    const { contract } = await loadProfile(recipe)
    const { accelerator } = await chooseAccelerator('auto', this.#arch)
    const { sha256: imageSha256 } = await openImageFile(imagePath)
    const lifetime = this.#lifetime
    const source = { arch: this.#arch, imagePath, imageSha256, boot, accelerator, runFolder, lifetime }
    const notApplicable = featuresWithout(contract.era)
    return askGuests({ key: id, suite, asked, source, contract, notApplicable, jobs: this.#jobsOf(suite) })
  }

  /** The boot kit's; with a changed `/init` appended, which the kernel unpacks over the first one. */
  async #bootFiles(folder: string, change: BootVariant['initramfs']): Promise<BootFiles> {
    const kit = await ensureBootKit(this.#arch)
    if (!change) return kit
    const contents = Buffer.from(change(await readFile(initramfsScript, 'utf8')))
    const init = writeCpio([{ path: 'init', kind: 'file', mode: 0o755, contents }])
    const initramfs = join(folder, 'initramfs.cpio.gz')
    await writeFile(initramfs, Buffer.concat([await readFile(kit.initramfs), gzipSync(init)]))
    return { ...kit, initramfs }
  }

  /** Boots have short bounds, so each has the machine to itself; forks share it as far as the memory goes. */
  #jobsOf(suite: BootVariant['suite']): number {
    return suite === 'boot' || suite === 'xen' ? 1 : defaultJobs(this.#jobs, freemem(), this.#jobs)
  }
}
