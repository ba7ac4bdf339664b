import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ArchitectureName } from '../model/architecture.ts'
import { buildImage } from './build-image.ts'
import type { PackedLayers } from './pack-layer.ts'
import type { Workload } from './workload.ts'
import type { WorkloadImage } from './workload-image.ts'

/** Workload images, made and on disk. */
export interface Workloads {
  images: readonly WorkloadImage[]
  /** The image of a workload; a name that is not in the table is a programming error. */
  named(name: string): WorkloadImage
  /** Path of a blob by its digest. */
  blobPath(digest: string): string
}

/** Makes the images of a table in a folder and returns what was made. */
export async function makeWorkloads(
  table: readonly Workload[],
  busyboxes: Readonly<Record<ArchitectureName, Uint8Array>>,
  folder: string,
): Promise<WorkloadImage[]> {
  await mkdir(join(folder, 'blobs', 'sha256'), { recursive: true })
  const images: WorkloadImage[] = []
  const known: PackedLayers = new Map()
  const keep = (digest: string, content: Uint8Array) => writeFile(pathOf(folder, digest), content)
  for (const workload of table) images.push(await buildImage(workload, busyboxes, keep, known))
  return images
}

export function workloadsIn(folder: string, images: readonly WorkloadImage[]): Workloads {
  return {
    images,
    named(name) {
      const image = images.find((candidate) => candidate.name === name)
      if (!image) throw new Error(`There is no workload "${name}".`)
      return image
    },
    blobPath: (digest) => pathOf(folder, digest),
  }
}

const pathOf = (folder: string, digest: string): string => join(folder, 'blobs', digest.replace(':', '/'))
