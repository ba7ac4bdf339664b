import type { Artifact } from '../../report/write-reports.ts'
import type { JudgedImage } from './image-states.ts'

/** What `billFileNames` needs of an image. */
export type NamedImage = Pick<JudgedImage, 'label'> & { image: Pick<JudgedImage['image'], 'sha256'> }
export type BillFileNames = ReadonlyMap<NamedImage, string>

/** File names of the bills of materials: by the image's label, with its hash where a run has several of one label. */
export function billFileNames(images: readonly NamedImage[]): BillFileNames {
  const byStem = Map.groupBy(images, ({ label }) => stemOf(label))
  return new Map(
    [...byStem].flatMap(([stem, same]) =>
      same.map((named) => [
        named,
        `${same.length > 1 ? `${stem}-${named.image.sha256.slice(0, 12)}` : stem}.spdx.json`,
      ]),
    ),
  )
}

/** The bills of materials of a run as files. */
export const billsOf = (images: readonly JudgedImage[], files: BillFileNames): Artifact[] =>
  images.map((image) => ({ file: files.get(image) as string, content: image.billOfMaterials }))

const maxStemLength = 100

const stemOf = (label: string): string =>
  label
    .replace(/\.(squashfs|img)$/, '')
    .replace(/[^\w.-]+/g, '-')
    .slice(0, maxStemLength)
