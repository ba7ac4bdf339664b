import type { InstalledPackage } from './installed-package.ts'
import { UnreadableDatabase } from './unreadable-database.ts'

/** How a database of stanzas, separated by empty lines, names the fields of a package. */
export interface StanzaFields {
  name: string
  version: string
  architecture: string
  license: string
  /** The source package, with its version or not; or the file of a recipe. */
  source: string
  /** Missing where every stanza is an installed package. */
  status?: string
}

/** dpkg's and opkg's (deb-control(5)). */
export const debianFields: StanzaFields = {
  name: 'Package',
  version: 'Version',
  architecture: 'Architecture',
  license: 'License',
  source: 'Source',
  status: 'Status',
}

/** apk's (Alpine Linux, "Apk spec", installed database). */
export const alpineFields: StanzaFields = { name: 'P', version: 'V', architecture: 'A', license: 'L', source: 'o' }

/** Distributions have some ten thousand packages in all, a container host a few hundred installed. */
const maxPackages = 100_000

/** The packages of a text database whose files are on the disk. Throws UnreadableDatabase where there are too many. */
export function readStanzas(text: string, fields: StanzaFields): InstalledPackage[] {
  const packages: InstalledPackage[] = []
  const wanted = new Set(Object.values(fields))
  let values = new Map<string, string>()
  const end = () => {
    packages.push(...packageOf(values, fields))
    values = new Map()
    if (packages.length > maxPackages) throw new UnreadableDatabase(`it lists more than ${maxPackages} packages`)
  }
  for (const line of linesOf(text)) {
    if (line.trim() === '') end()
    else for (const [name, value] of fieldOf(line)) if (wanted.has(name)) values.set(name, value)
  }
  end()
  return packages
}

/** One after the other: a list of all lines takes many times as much as the text. */
function* linesOf(text: string): Generator<string> {
  let start = 0
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
    yield text.slice(start, end)
    start = end + 1
  }
  yield text.slice(start)
}

function packageOf(values: ReadonlyMap<string, string>, fields: StanzaFields): InstalledPackage[] {
  const [name, version] = [values.get(fields.name), values.get(fields.version)]
  const status = fields.status && values.get(fields.status)
  if (!name || version === undefined || (status && !isUnpacked(status))) return []
  const source = sourceOf(values.get(fields.source))
  return [
    {
      ...{ name, version, architecture: values.get(fields.architecture), license: values.get(fields.license) },
      ...(source !== undefined && { source }),
    },
  ]
}

/** `name (version)` of dpkg (deb-control(5)), `name_version.bb` of bitbake (oe-core, package_ipk.bbclass), or the bare name. */
const sourceOf = (text: string | undefined): string | undefined =>
  text && /^[\w.+-]+?(?=_[^\s_]*\.bb$|\s|$)/.exec(text)?.[0]

/** A continuation line starts with a blank and is no field. */
function fieldOf(line: string): [string, string][] {
  const [, name, value] = /^([A-Za-z][A-Za-z0-9-]*):\s*(.*)$/.exec(line) ?? []
  return name !== undefined && value !== undefined ? [[name, value]] : []
}

/** `want ok state`: files are on disk in every state but these two (dpkg(1), "Package states"). */
const isUnpacked = (status: string): boolean => !/ (not-installed|config-files)$/.test(status)
