import { basename } from 'node:path'
import { areaOf } from '../model/areas.ts'
import { type SuiteName, suiteNames } from '../model/requirement.ts'
import type { RequirementResult } from '../model/result.ts'
import type { ImageReport } from './schema.ts'

/** One requirement with its result on each image, in the images' order; undefined where it was not asked of an image. */
export interface RequirementRow {
  first: RequirementResult
  results: readonly (RequirementResult | undefined)[]
}

export interface RequirementArea {
  suite: SuiteName
  area: string
  rows: readonly RequirementRow[]
}

/** The requirements of all images side by side, by suite and area. */
export function requirementAreas(images: readonly ImageReport[]): RequirementArea[] {
  const byId = Map.groupBy(
    images.flatMap(({ requirements }) => requirements),
    ({ id }) => id,
  )
  const perImage = images.map(({ requirements }) => new Map(requirements.map((result) => [result.id, result])))
  const rows = [...byId].map(([id, [first]]) => ({
    first: first as RequirementResult,
    results: perImage.map((results) => results.get(id)),
  }))
  const groups = [...Map.groupBy(rows, ({ first }) => `${first.suite} ${areaOf(first.id)}`).values()]
  return groups
    .map((group) => ({ suite: suiteOf(group), area: areaOf(group[0]?.first.id ?? ''), rows: group }))
    .toSorted((a, b) => suiteNames.indexOf(a.suite) - suiteNames.indexOf(b.suite))
}

const suiteOf = (rows: readonly RequirementRow[]): SuiteName => (rows[0] as RequirementRow).first.suite

/** A short name for each image, by what tells them apart: architecture, file name, or number. */
export function imageLabels(images: readonly ImageReport[]): string[] {
  const names = [images.map(({ arch }) => arch), images.map(({ file }) => basename(file))]
  const distinct = [...names, images.map((_, index) => `image ${index + 1}`)].find(
    (labels) => new Set(labels).size === labels.length,
  )
  return distinct as string[]
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

/** Whether images differ in how a requirement came out, or in what blocks it. */
export const isDifference = ({ results }: RequirementRow): boolean =>
  new Set(results.map((result) => result && `${result.status} ${result.blockedBy ?? ''}`)).size > 1
