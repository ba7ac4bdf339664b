import type { FileTree } from './file-tree.ts'

/** One installed package as the image's own database records it. */
export interface InstalledPackage {
  name: string
  version: string
  architecture: string | undefined
  /** As stated; SPDX expressions in Yocto's and Alpine's databases, free text or nothing elsewhere. */
  license: string | undefined
}

export interface PackageDatabase {
  kind: 'dpkg' | 'opkg' | 'apk' | 'rpm'
  path: string
  packages: InstalledPackage[]
}

/** Text databases of stanzas separated by empty lines: their places, and how a stanza names its fields. */
const stanzaDatabases = [
  { kind: 'dpkg', paths: ['/var/lib/dpkg/status'], fields: debianFields() },
  { kind: 'opkg', paths: ['/var/lib/opkg/status', '/usr/lib/opkg/status'], fields: debianFields() },
  {
    kind: 'apk',
    paths: ['/lib/apk/db/installed', '/usr/lib/apk/db/installed'],
    fields: { name: 'P', version: 'V', architecture: 'A', license: 'L', status: undefined },
  },
] as const

function debianFields() {
  return { name: 'Package', version: 'Version', architecture: 'Architecture', license: 'License', status: 'Status' }
}

/** Text databases are some hundred kilobytes; a longer one is not read. */
const maxDatabaseBytes = 32 * 1024 * 1024

/** Reads the image's text package database; undefined where it has none. */
export function readPackageDatabase(files: FileTree): PackageDatabase | undefined {
  for (const { kind, paths, fields } of stanzaDatabases) {
    const path = paths.find((candidate) => files.findFile(candidate) !== undefined)
    const entry = path && files.findFile(path)
    if (!path || !entry || entry.inode.sizeBytes > maxDatabaseBytes) continue
    const text = files.readIfWhole(entry, 0, maxDatabaseBytes)?.toString('utf8') ?? ''
    return { kind, path, packages: text.split(/\n\s*\n/).flatMap((stanza) => readStanza(stanza, fields)) }
  }
  return undefined
}

type StanzaFields = (typeof stanzaDatabases)[number]['fields']

function readStanza(stanza: string, fields: StanzaFields): InstalledPackage[] {
  const values = new Map(stanza.split('\n').flatMap((line) => fieldOf(line)))
  const [name, version] = [values.get(fields.name), values.get(fields.version)]
  const status = fields.status && values.get(fields.status)
  if (!name || version === undefined || (status && !isUnpacked(status))) return []
  return [{ name, version, architecture: values.get(fields.architecture), license: values.get(fields.license) }]
}

/** A continuation line starts with a blank and is no field. */
function fieldOf(line: string): [string, string][] {
  const [, name, value] = /^([A-Za-z][A-Za-z0-9-]*):\s*(.*)$/.exec(line) ?? []
  return name !== undefined && value !== undefined ? [[name, value]] : []
}

/** `want ok state`: files are on disk in every state but these two (dpkg(1), "Package states"). */
const isUnpacked = (status: string): boolean => !/ (not-installed|config-files)$/.test(status)
