import { ensureBootKit } from '../boot-kit.ts'
import { ensureReferenceImage } from '../reference-image.ts'
import type { BuildCall, BuildOrder } from './build-call.ts'
import { buildHelp } from './build-options-table.ts'
import { writeBlobs } from './write-blobs.ts'

/** Does what the call asks: progress goes to stderr, paths of what was built to stdout. Returns the exit code. */
export async function answerBuildCall(call: BuildCall): Promise<number> {
  if (call.action === 'help') {
    process.stdout.write(buildHelp())
    return 0
  }
  for (const order of call.orders) for (const path of await build(order)) process.stdout.write(`${path}\n`)
  return 0
}

async function build({ arch, release, recipe, force, out }: BuildOrder): Promise<string[]> {
  const startedMs = performance.now()
  const progress = (line: string) => {
    process.stderr.write(`${((performance.now() - startedMs) / 1000).toFixed(1).padStart(6)} s  ${line}\n`)
  }
  const bootFiles = await ensureBootKit(arch, { release, force, progress })
  const image = await ensureReferenceImage(arch, { release, recipe, force, progress })
  progress(`${arch}: kernel ${bootFiles.kernelVersion}, image ${recipe} of Debian ${release} ready`)
  return out === undefined ? [image, bootFiles.kernel, bootFiles.initramfs] : writeBlobs(bootFiles, image, out)
}
