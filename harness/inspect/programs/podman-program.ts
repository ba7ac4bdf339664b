import { SquashfsDamage } from '../../image/squashfs/damage.ts'
import { pathOf } from '../../image/squashfs/tree.ts'
import type { FileTree } from '../file-tree.ts'
import type { PackageDatabase } from '../packages/package-database.ts'
import type { ReadAt } from './elf.ts'
import { findSection, type GoBuildInfo, readGoBuildInfo } from './go-build-info.ts'

/** Rules differ by podman's major version: up to 4, 5, and 6 on. */
export type Era = 4 | 5 | 6

export interface PodmanProgram {
  path: string
  era: Era
  /** As far as is known: `5.4.2`, or only `5`. */
  version: string
  /** Where the version was read. */
  source: 'build information' | 'package database' | 'function names'
}

const places = ['/usr/bin/podman', '/bin/podman', '/usr/local/bin/podman', '/usr/sbin/podman']
const modulePattern = /^(?:github\.com\/containers|go\.podman\.io)\/podman\/v(\d+)(?:\/|$)/

/** A Go pseudo-version has some 50 characters. */
const maxVersionLength = 256

type FoundVersion = Pick<PodmanProgram, 'version' | 'source'> & { major: number }

/** Finds podman and its version: from the binary where it says so, else from the package that brought it. */
export function findPodman(files: FileTree, database: PackageDatabase | undefined): PodmanProgram | undefined {
  const entry = places.map((place) => files.findFile(place)).find((found) => found !== undefined)
  if (entry === undefined) return undefined
  const readAt: ReadAt = (offset, lengthBytes) => files.read(entry, offset, lengthBytes)
  const found =
    unlessBroken(() => fromBuildInfo(readGoBuildInfo(readAt))) ??
    fromDatabase(database) ??
    unlessBroken(() => fromFunctionNames(readAt))
  return found && { path: pathOf(entry), era: eraOf(found.major), version: found.version, source: found.source }
}

/** A program whose headers or data are damaged tells nothing; the checks of both report it. */
export function unlessBroken<T>(step: () => T): T | undefined {
  try {
    return step()
  } catch (error) {
    if (error instanceof RangeError || error instanceof SquashfsDamage) return undefined
    throw error
  }
}

const eraOf = (major: number): Era => (major <= 4 ? 4 : major === 5 ? 5 : 6)

/** Builds from a checkout name the module `(devel)`: the major version is in its path all the same. */
function fromBuildInfo(info: GoBuildInfo | undefined): FoundVersion | undefined {
  if (info === undefined) return undefined
  const module = info.modules.find(({ path }) => modulePattern.test(path))
  const [, major] = modulePattern.exec(module?.path ?? info.mainPath ?? '') ?? []
  if (major === undefined) return undefined
  const [version = major] = /\d+\.\d+\.\d+[\w.+-]*/.exec(module?.version.slice(0, maxVersionLength) ?? '') ?? []
  return { major: Number(major), version, source: 'build information' }
}

/** Distribution versions may have an epoch before and a revision behind. */
function fromDatabase(database: PackageDatabase | undefined): FoundVersion | undefined {
  const installed = database?.packages.find(({ name }) => name === 'podman')
  const [, version, major] = /^(?:\d+:)?((\d+)\.\d+(?:\.\d+)?)/.exec(installed?.version ?? '') ?? []
  if (version === undefined || major === undefined) return undefined
  return { major: Number(major), version, source: 'package database' }
}

/** Packages that only one era links, by how their functions are called in Go's function table. */
const eraMarks: readonly { mark: string; major: number }[] = [
  { mark: 'storage/pkg/configfile.', major: 6 },
  { mark: 'libnetwork/cni.', major: 4 },
]
const maxTableBytes = 64 * 1024 * 1024
const chunkBytes = 1024 * 1024

/** Builds outside a module have no version: then what is linked tells the era. */
function fromFunctionNames(readAt: ReadAt): FoundVersion | undefined {
  const table = findSection(readAt, '.gopclntab')
  if (table === undefined) return undefined
  const sizeBytes = Math.min(table.sizeBytes, maxTableBytes)
  for (let offset = 0; offset < sizeBytes; offset += chunkBytes) {
    const chunk = readAt(table.offset + offset, chunkBytes + 64)
    const found = eraMarks.find(({ mark }) => chunk.includes(mark, 0, 'latin1'))
    if (found) return { major: found.major, version: String(found.major), source: 'function names' }
  }
  return { major: 5, version: '5', source: 'function names' }
}
