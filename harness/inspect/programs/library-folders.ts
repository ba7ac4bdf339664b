import { basename } from 'node:path'
import { type ArchitectureName, architectures } from '../../model/architecture.ts'
import type { InspectedImage } from '../inspect-image.ts'

/**
 * Folders that the image's dynamic loader searches by itself: those compiled into it (glibc keeps them as a run of
 * NUL-terminated names, elf/dl-load.c `system_dirs`), or the usual ones where it does not tell.
 */
export function libraryFolders(image: InspectedImage): string[] {
  return [...new Set([...loaderFolders(image), ...usualFolders(image)])].filter((folder) =>
    image.files.isFolder(folder),
  )
}

const usualFolders = ({ arch }: InspectedImage): string[] => {
  const { triplet } = architectures[arch]
  return [`/lib/${triplet}`, `/usr/lib/${triplet}`, '/lib', '/usr/lib', '/lib64', '/usr/lib64']
}

/** Where a loader of glibc or musl is. */
const loaderPaths = (arch: ArchitectureName): string[] => {
  const name = basename(architectures[arch].loader)
  return [`/lib64/${name}`, `/lib/${name}`, `/lib/ld-musl-${arch}.so.1`]
}
const maxLoaderBytes = 4 * 1024 * 1024
const folderRun = /(?:\/[\w.+-]+){1,6}\/(?:\0(?:\/[\w.+-]+){1,6}\/){1,7}(?=\0)/g

function loaderFolders({ files, arch }: InspectedImage): string[] {
  const loader = loaderPaths(arch)
    .map((path) => files.findFile(path))
    .find((entry) => entry !== undefined)
  if (loader === undefined || loader.inode.sizeBytes > maxLoaderBytes) return []
  const text = files.read(loader, 0, maxLoaderBytes).toString('latin1')
  const runs = [...text.matchAll(folderRun)].map(([run]) => run.split('\0').map((folder) => folder.replace(/\/$/, '')))
  return runs.find((folders) => folders.some((folder) => /\/lib(64)?$/.test(folder))) ?? []
}
