import { openImage } from '../../image/open-image.ts'
import { CallFault } from '../../model/faults.ts'
import type { JudgedImage, SelectedImage } from './image-states.ts'
import type { NamedExpectations } from './judge-image.ts'
import type { Run } from './verify-run.ts'

/** Looks into each image and runs the static suite, if asked for. Throws CallFault when no image is of a wanted architecture. */
export async function inspectImages(run: Run, images: readonly SelectedImage[]): Promise<JudgedImage[]> {
  const judged: JudgedImage[] = []
  let named: NamedExpectations | undefined
  for (const selected of images) {
    const opened = openImage(selected.image)
    // What looks into images is loaded while the first one's data is already being decoded.
    const { judgeImage, readNamed } = await import('./judge-image.ts')
    named ??= await readNamed(run)
    judged.push(...(await judgeImage(run, selected, opened, named)))
  }
  if (judged.length === 0) throw new CallFault(await otherArchitectures(run.options.architectures, images))
  return judged
}

async function otherArchitectures(wanted: readonly string[], images: readonly SelectedImage[]): Promise<string> {
  const { readArchitecture } = await import('../../inspect/programs/image-architecture.ts')
  const found = images.map(({ label, image }) => `${label} is for ${readArchitecture(image)}`)
  return `--arch asks for ${wanted.join(', ')}, but ${found.join(', ')}.`
}
