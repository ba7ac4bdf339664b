import { SquashfsDamage } from '../../image/squashfs/damage.ts'
import { pathOf } from '../../image/squashfs/tree.ts'
import type { FileTree } from '../file-tree.ts'
import type { PackageDatabase } from '../packages/package-database.ts'
import type { ReadAt } from './elf.ts'
import { type GoBuildInfo, readGoBuildInfo } from './go-build-info.ts'
import { linkedNames } from './linked-packages.ts'

/** Rules differ by podman's major version: up to 4, 5, and 6 on. */
export type Era = 4 | 5 | 6

export interface PodmanProgram {
  path: string
  era: Era
  /** As far as is known: `5.4.2`, or only `5`. */
  version: string
  /** Where the version was read. */
  source: 'build information' | 'package database' | 'function names'
  /** For each kind of configuration file, whether it is looked for by the rule that all kinds share. */
  sharesRule: Readonly<Record<'containers' | 'storage' | 'registries', boolean>>
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
  const linked = unlessBroken(() => linkedNames(readAt, marks))
  const found =
    unlessBroken(() => fromBuildInfo(readGoBuildInfo(readAt))) ?? fromDatabase(database) ?? fromFunctionNames(linked)
  if (found === undefined) return undefined
  const era = eraOf(found.major)
  const { version, source } = found
  return { path: pathOf(entry), era, version, source, sharesRule: sharedRuleOf(era, linked) }
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

/** Names in Go's function table by which builds of an era, and how they look for configuration, are told apart. */
const marks = [
  'podman/v5/libpod.',
  'podman/v6/libpod.',
  'libnetwork/cni.',
  'storage/pkg/configfile.',
  'common/pkg/config.systemConfigs',
  'sysregistriesv2.dropInConfigs',
] as const
type Linked = ReadonlySet<(typeof marks)[number]>

/** Debian builds outside a module, some without a version in the path: then what else is linked tells the era. */
function fromFunctionNames(linked: Linked | undefined): FoundVersion | undefined {
  if (linked === undefined) return undefined
  const isOld = linked.has('libnetwork/cni.') && !linked.has('podman/v5/libpod.')
  const major = linked.has('podman/v6/libpod.') ? 6 : isOld ? 4 : 5
  return { major, version: String(major), source: 'function names' }
}

/**
 * What is looked for by the rule of container-libs' package configfile: from podman 6 on everything. Debian's 5.8 is built
 * with a storage library that uses it already, while the packages for the other two still have functions of their own.
 */
function sharedRuleOf(era: Era, linked: Linked | undefined): PodmanProgram['sharesRule'] {
  if (linked === undefined) return { containers: era >= 6, storage: era >= 6, registries: era >= 6 }
  const isLinked = linked.has('storage/pkg/configfile.')
  return {
    containers: isLinked && !linked.has('common/pkg/config.systemConfigs'),
    storage: isLinked,
    registries: isLinked && !linked.has('sysregistriesv2.dropInConfigs'),
  }
}
