import type { InspectedImage } from '../inspect-image.ts'
import { findProgram } from '../lookup.ts'
import type { ReadAt } from '../programs/elf.ts'
import { readGoBuildInfo } from '../programs/go-build-info.ts'
import { linkedNames } from '../programs/linked-packages.ts'
import { unlessBroken } from '../programs/podman-program.ts'

/** A program below dockerd, and what it tells of itself. */
interface ReadProgram {
  path: string
  readAt: ReadAt
}

function readProgram({ files, init }: InspectedImage, name: string): ReadProgram | undefined {
  const path = findProgram(files, name, init.searchPath)
  const entry = path === undefined ? undefined : files.findFile(path)
  if (path === undefined || entry === undefined) return undefined
  return { path, readAt: (offset, lengthBytes) => files.read(entry, offset, lengthBytes) }
}

/** From the second on, a major version is part of a module's path (Go Modules Reference, "Major version suffixes"). */
const containerdPath = /^github\.com\/containerd\/containerd\/(?:v(\d+)\/)?cmd\//

/** A program of containerd's, and its major version where its build information tells it. */
export function containerdProgram(
  image: InspectedImage,
  name: string,
): { path: string; major: number | undefined } | undefined {
  const program = readProgram(image, name)
  if (program === undefined) return undefined
  const info = unlessBroken(() => readGoBuildInfo(program.readAt))
  const found = containerdPath.exec(info?.mainPath ?? '')
  return { path: program.path, major: found === null ? undefined : Number(found[1] ?? 1) }
}

/** Of the package by which runc manages groups of the second version, wherever its sources were kept at the time. */
const secondVersion = '/cgroups/fs2.'

/** runc, and whether it can manage control groups of the second version where its function names tell it. */
export function runcProgram(image: InspectedImage): { path: string; knowsCgroup2: boolean | undefined } | undefined {
  const program = readProgram(image, 'runc')
  if (program === undefined) return undefined
  const linked = unlessBroken(() => linkedNames(program.readAt, [secondVersion]))
  return { path: program.path, knowsCgroup2: linked?.has(secondVersion) }
}
