import type { InspectedImage } from '../inspect-image.ts'
import type { PackageDatabase } from '../packages/package-database.ts'
import { readDistribution } from './distribution.ts'
import { type BillOfMaterials, type Material, maxMaterials } from './material.ts'
import { packageMaterials } from './package-materials.ts'
import { programMaterials } from './program-materials.ts'

/** Says what an image is made of: its packages by its own database; where it has none, its programs and libraries. */
export function billOfMaterials({ packageDatabase, files, elfFiles }: InspectedImage): BillOfMaterials {
  if (packageDatabase && packageDatabase.packages.length > 0) {
    const materials = packageMaterials(packageDatabase, readDistribution(files))
    return bill(`The ${packageDatabase.kind} database ${packageDatabase.path} of the image.`, materials)
  }
  const source = `The headers of the image's programs and libraries: ${whyNoPackages(packageDatabase)}.`
  return bill(source, programMaterials(files, elfFiles))
}

function whyNoPackages(database: PackageDatabase | undefined): string {
  if (database === undefined) return 'it has no package database'
  return `its package database ${database.path} ${database.problem ? `was not read: ${database.problem}` : 'is empty'}`
}

function bill(source: string, materials: readonly Material[]): BillOfMaterials {
  const distinct = new Map(materials.map((material) => [sortKey(material), material]))
  const sorted = [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, material]) => material)
  const kept = sorted.slice(0, maxMaterials)
  if (kept.length === sorted.length) return { source, materials: kept }
  return { source: `${source} Only the first ${maxMaterials} of ${sorted.length} are listed.`, materials: kept }
}

const sortKey = ({ name, url, path = '' }: Material): string => [name, url, path].join('\0')
