import type { InstalledPackage } from '../packages/installed-package.ts'
import type { PackageDatabase } from '../packages/package-database.ts'
import type { Distribution } from './distribution.ts'
import { type Material, plainText } from './material.ts'
import { packageUrl } from './package-url.ts'

/** Package URL type and default namespace of each kind of database; opkg's packages have no type of their own. */
const urlTypes: Record<PackageDatabase['kind'], { type: string; vendor: string }> = {
  dpkg: { type: 'deb', vendor: 'debian' },
  apk: { type: 'apk', vendor: 'alpine' },
  rpm: { type: 'rpm', vendor: '' },
  opkg: { type: 'generic', vendor: '' },
}

/** The packages of a database. */
export const packageMaterials = ({ kind, packages }: PackageDatabase, distribution: Distribution): Material[] =>
  packages.map(plainPackage).map((installed) => ({
    name: installed.name,
    version: installed.version,
    purpose: undefined,
    license: installed.license,
    ...(installed.source !== undefined && { source: installed.source }),
    url: urlOf(installed, kind, distribution),
    path: undefined,
    parts: [],
  }))

const plainPackage = ({ name, version, architecture, license, source }: InstalledPackage): InstalledPackage => ({
  name: plainText(name),
  version: plainText(version),
  architecture: architecture && plainText(architecture),
  license: license && plainText(license),
  ...(source !== undefined && { source: plainText(source) }),
})

function urlOf(
  { name, version, architecture }: InstalledPackage,
  kind: PackageDatabase['kind'],
  { id, versionId }: Distribution,
): string {
  const { type, vendor } = urlTypes[kind]
  const distro = id && versionId ? `${id}-${versionId}` : id
  const namespace = type === 'generic' ? '' : (id ?? vendor)
  const [, epoch, rest] = (kind === 'rpm' && /^(\d+):(.*)$/.exec(version)) || [undefined, undefined, version]
  return packageUrl({ type, namespace, name, version: rest, qualifiers: { arch: architecture, distro, epoch } })
}
