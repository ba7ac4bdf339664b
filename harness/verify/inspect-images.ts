import { CallFault } from '../faults.ts'
import { openImage } from '../image/open-image.ts'
import { loadProfile } from '../profile/profile.ts'
import { loadWaivers } from '../profile/waivers.ts'
import type { JudgedImage, SelectedImage } from './image-states.ts'
import type { Run } from './verify-run.ts'

/** Looks into each image and runs the static suite, if asked for. Throws CallFault when no image is of a wanted architecture. */
export async function inspectImages(run: Run, images: readonly SelectedImage[]): Promise<JudgedImage[]> {
  const { call } = run
  const profile = await loadProfile(call.profile)
  const waivers = [...profile.waivers, ...(call.waivers === undefined ? [] : await loadWaivers(call.waivers))]
  const judged: JudgedImage[] = []
  for (const selected of images) {
    const opened = openImage(selected.image)
    // What looks into images is loaded while the first one's data is already being decoded.
    const { judgeImage } = await import('./judge-image.ts')
    judged.push(...(await judgeImage(run, { selected, opened, profile, waivers })))
  }
  if (judged.length === 0) throw new CallFault(await otherArchitectures(call.architectures, images))
  return judged
}

async function otherArchitectures(wanted: readonly string[], images: readonly SelectedImage[]): Promise<string> {
  const { readArchitecture } = await import('../inspect/image-architecture.ts')
  const told = images.map(({ label, image }) => `${label} is for ${readArchitecture(image)}`)
  return `--arch asks for ${wanted.join(', ')}, but ${told.join(', ')}.`
}
