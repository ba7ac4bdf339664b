import type { Lifetime } from '../../platform/process/lifetime.ts'
import { buildWithBitbake } from '../../recipes/bitbake/run-bitbake.ts'
import { ensureBootKit } from '../../recipes/boot-kit/boot-kit.ts'
import { ensureReferenceImage, releaseOf } from '../../recipes/reference-image/reference-image.ts'
import type { BuildCall, BuildOrder } from './build-call.ts'
import { buildHelp } from './build-options-table.ts'
import { writeBlobs } from './write-blobs.ts'

/** Does what the call asks: progress goes to stderr, paths of what was built to stdout. Returns the exit code. */
export async function answerBuildCall(options: BuildCall, lifetime: Lifetime): Promise<number> {
  if (options.action === 'help') {
    process.stdout.write(buildHelp())
    return 0
  }
  if (options.action === 'bitbake') return buildAndVerify(options, lifetime)
  for (const order of options.orders) for (const path of await build(order)) process.stdout.write(`${path}\n`)
  return 0
}

/** Verifies what bitbake built as verify.mjs does: with the kernel and initramfs that were deployed beside it. */
async function buildAndVerify(
  { order, verify }: Extract<BuildCall, { action: 'bitbake' }>,
  lifetime: Lifetime,
): Promise<number> {
  const tell = (line: string) => process.stderr.write(`${line}\n`)
  const images = await buildWithBitbake(order, lifetime, { tell })
  const { verifyImages } = await import('../verify/verify-images.ts')
  return verifyImages({ ...verify, images }, lifetime)
}

async function build({ arch, recipe, out, ...options }: BuildOrder): Promise<string[]> {
  const startedMs = performance.now()
  const progress = (line: string) => {
    process.stderr.write(`${((performance.now() - startedMs) / 1000).toFixed(1).padStart(6)} s  ${line}\n`)
  }
  const bootFiles = await ensureBootKit(arch, { ...options, progress })
  const image = await ensureReferenceImage(arch, { ...options, recipe, progress })
  progress(
    `${arch}: kernel ${bootFiles.kernelVersion}, image ${recipe} of Debian ${releaseOf(recipe, options.release)} ready`,
  )
  return out === undefined ? [image, bootFiles.kernel, bootFiles.initramfs] : writeBlobs(bootFiles, image, out)
}
