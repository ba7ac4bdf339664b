import { relative } from 'node:path'
import { type FoundImage, findImages } from '../../image/find-images.ts'
import { readArchitecture } from '../../inspect/programs/image-architecture.ts'
import { type ArchitectureName, defaultArchitecture } from '../../model/architecture.ts'
import { CallFault } from '../../model/faults.ts'
import { ensureReferenceImage } from '../../recipes/reference-image/reference-image.ts'
import type { VerifyRun } from '../verify-call.ts'

export interface ChosenImage extends FoundImage {
  arch: ArchitectureName
}

type Wanted = Pick<VerifyRun, 'images' | 'architectures'>

/** The one image that a call names, or the reference image. Throws CallFault where that is none, or several. */
export async function chooseImage(wanted: Wanted, progress: (line: string) => void): Promise<ChosenImage> {
  const paths = wanted.images.length > 0 ? wanted.images : [await ensureReferenceImage(firstOf(wanted), { progress })]
  const found = (await findImages(paths)).map((image) => ({ ...image, arch: readArchitecture(image.image) }))
  const [chosen, ...others] = found.filter(({ arch }) => wanted.architectures.includes(arch))
  if (!chosen)
    throw new CallFault(`The image is for ${found[0]?.arch}, but --arch asks for ${wanted.architectures.join(', ')}.`)
  if (others.length > 0) throw new CallFault(severalImages(wanted.images[0] as string, [chosen, ...others]))
  return chosen
}

const firstOf = ({ architectures }: Wanted): ArchitectureName => architectures[0] ?? defaultArchitecture

function severalImages(folder: string, images: readonly ChosenImage[]): string {
  const names = images.map(({ image }) => relative(folder, image.path)).join(', ')
  const isUniqueByArch = new Set(images.map(({ arch }) => arch)).size === images.length
  return `${folder} holds ${images.length} images: name one of ${names}${isUniqueByArch ? ', or add --arch' : ''}.`
}
