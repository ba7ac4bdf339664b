import { readFileSync, statSync } from 'node:fs'

/** Packages by name, with the version that Yocto's bill gives; undefined where it gives none. */
export type BilledPackages = ReadonlyMap<string, string | undefined>

/** Yocto's bill is not SPDX 3, or cannot be read; the message is half a sentence about it. */
export class UnreadableBill extends Error {
  override name = 'UnreadableBill'
}

/** The bill of an image with sources takes some ten megabytes. */
const maxBytes = 256 * 1024 * 1024

interface Element {
  type?: unknown
  spdxId?: unknown
  name?: unknown
  software_packageVersion?: unknown
  software_primaryPurpose?: unknown
  relationshipType?: unknown
  from?: unknown
  to?: unknown
  build_buildType?: unknown
}

/**
 * The packages in an image by Yocto's SPDX 3.0.1: those that the task which makes the root file system takes in, of the purpose
 * `install` (oe-core, meta/lib/oe/spdx30_tasks.py, create_rootfs_spdx). Throws UnreadableBill.
 */
export function readYoctoBill(path: string): BilledPackages {
  const elements = elementsOf(path)
  const installed = elements.filter(
    ({ type, software_primaryPurpose: purpose }) => type === 'software_Package' && purpose === 'install',
  )
  const inputs = rootfsInputs(elements)
  const inImage = installed.filter(({ spdxId }) => inputs.size === 0 || inputs.has(spdxId))
  return new Map(inImage.flatMap((element) => namedPackage(element)))
}

function elementsOf(path: string): Element[] {
  if (statSync(path).size > maxBytes) throw new UnreadableBill('it is longer than 256 MiB')
  try {
    const { '@graph': graph } = JSON.parse(readFileSync(path, 'utf8')) as { '@graph'?: unknown }
    if (Array.isArray(graph)) return graph.filter((element) => typeof element === 'object' && element !== null)
  } catch (cause) {
    throw new UnreadableBill('it is not JSON', { cause })
  }
  throw new UnreadableBill('it has no list "@graph"')
}

function rootfsInputs(elements: readonly Element[]): ReadonlySet<unknown> {
  const builds = new Set(
    elements.filter(({ build_buildType: kind }) => /\/rootfs$/.test(String(kind))).map(({ spdxId }) => spdxId),
  )
  const relations = elements.filter(({ relationshipType, from }) => relationshipType === 'hasInput' && builds.has(from))
  return new Set(relations.flatMap(({ to }) => (Array.isArray(to) ? to : [to])))
}

const namedPackage = ({ name, software_packageVersion: version }: Element): [string, string | undefined][] =>
  typeof name === 'string' ? [[name, typeof version === 'string' ? version : undefined]] : []
