import { basename } from 'node:path'
import type { ArchitectureName } from '../architecture.ts'
import { findImages } from '../image/find-images.ts'
import { inTask } from '../report/in-task.ts'
import { buildStep } from './build-step.ts'
import type { SelectedImage } from './image-states.ts'
import type { Run } from './verify-run.ts'

/** The images to verify: those named, or the reference images, built where they are missing. */
export async function selectImages(run: Run): Promise<SelectedImage[]> {
  const { images, architectures } = run.call
  if (images.length > 0)
    return (await findImages(images)).map((found) => ({ ...found, label: basename(found.image.path) }))
  const selected: SelectedImage[] = []
  for (const arch of architectures) selected.push(...(await referenceImage(run, arch)))
  return selected
}

function referenceImage({ progress }: Run, arch: ArchitectureName): Promise<SelectedImage[]> {
  const label = `reference image ${arch}`
  return inTask(progress, label, async (task) => {
    const { ensureReferenceImage } = await import('../build/reference-image.ts')
    const told = { progress: (line: string) => task.doing(buildStep(line).step) }
    const found = await findImages([await ensureReferenceImage(arch, told)])
    return found.map((image) => ({ ...image, label }))
  })
}
