import { basename } from 'node:path'
import { findImages } from '../../image/find-images.ts'
import type { ArchitectureName } from '../../model/architecture.ts'
import { buildStep } from '../../platform/terminal/build-step.ts'
import { inTask } from '../../platform/terminal/in-task.ts'
import type { SelectedImage } from './image-states.ts'
import type { Run } from './verify-run.ts'

/** The images to verify: those named, or the reference images, built where they are missing. */
export async function selectImages(run: Run): Promise<SelectedImage[]> {
  const { images, architectures } = run.options
  if (images.length > 0)
    return (await findImages(images)).map((found) => ({ ...found, label: basename(found.image.path) }))
  const selected: SelectedImage[] = []
  for (const arch of architectures) selected.push(...(await referenceImage(run, arch)))
  return selected
}

function referenceImage({ progress }: Run, arch: ArchitectureName): Promise<SelectedImage[]> {
  const label = `reference image ${arch}`
  return inTask(progress, label, async (task) => {
    const { ensureReferenceImage } = await import('../../recipes/reference-image/reference-image.ts')
    const options = { progress: (line: string) => task.doing(buildStep(line).step) }
    const found = await findImages([await ensureReferenceImage(arch, options)])
    return found.map((image) => ({ ...image, label }))
  })
}
