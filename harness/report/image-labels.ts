import type { ImageReport } from './schema.ts'

type NamedImage = Pick<ImageReport, 'arch' | 'file'>

/** A short name for each image, by what tells them apart: architecture, file name, the part of the path, or number. */
export function imageLabels(images: readonly NamedImage[]): string[] {
  const files = images.map(({ file }) => file)
  return (
    [images.map(({ arch }) => arch), pathEnds(files, 1), differingParts(files)].find(areDistinct) ??
    images.map((_, index) => `image ${index + 1}`)
  )
}

/** What to call each image where its architecture is shown beside it: file and folder, or the part of the path that differs. */
export function imagePlaces(images: readonly NamedImage[]): string[] {
  const files = images.map(({ file }) => file)
  const tellsApart = (places: readonly string[]) =>
    areDistinct(places.map((place, at) => place && `${images[at]?.arch} ${place}`))
  return [pathEnds(files, 2), differingParts(files)].find(tellsApart) ?? files
}

/** What there is of all images, one after the other, each with the label of its image. */
export function labelled<T>(
  images: readonly ImageReport[],
  listOf: (image: ImageReport) => readonly T[] | undefined,
): { label: string; item: T }[] {
  const labels = imageLabels(images)
  return images.flatMap((image, index) =>
    (listOf(image) ?? []).map((item) => ({ label: labels[index] as string, item })),
  )
}

const pathEnds = (paths: readonly string[], parts: number): string[] =>
  paths.map((path) => path.split('/').slice(-parts).join('/'))

/** The paths without the folders in which all of them lie, and without the names by which all of them end. */
function differingParts(paths: readonly string[]): string[] {
  const split = paths.map((path) => path.split('/'))
  const shortest = Math.min(...split.map(({ length }) => length))
  const lead = sharedParts(split, shortest, (parts, index) => parts[index])
  const trail = sharedParts(split, shortest - lead, (parts, index) => parts[parts.length - 1 - index])
  return split.map((parts) => parts.slice(lead, parts.length - trail).join('/'))
}

/** How many parts, at most so many, are the same in all. */
function sharedParts(
  split: readonly string[][],
  most: number,
  partOf: (parts: readonly string[], index: number) => string | undefined,
): number {
  let count = 0
  while (count < most && new Set(split.map((parts) => partOf(parts, count))).size === 1) count++
  return count
}

const areDistinct = (labels: readonly string[]): boolean =>
  labels.every((label) => label !== '') && new Set(labels).size === labels.length
