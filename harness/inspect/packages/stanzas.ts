import type { InstalledPackage } from './installed-package.ts'

/** How a database of stanzas, separated by empty lines, names the fields of a package. */
export interface StanzaFields {
  name: string
  version: string
  architecture: string
  license: string
  /** Missing where every stanza is an installed package. */
  status?: string
}

/** dpkg's and opkg's (deb-control(5)). */
export const debianFields: StanzaFields = {
  name: 'Package',
  version: 'Version',
  architecture: 'Architecture',
  license: 'License',
  status: 'Status',
}

/** apk's (Alpine Linux, "Apk spec", installed database). */
export const alpineFields: StanzaFields = { name: 'P', version: 'V', architecture: 'A', license: 'L' }

/** The packages of a text database whose files are on the disk. */
export const readStanzas = (text: string, fields: StanzaFields): InstalledPackage[] =>
  text.split(/\n\s*\n/).flatMap((stanza) => readStanza(stanza, fields))

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
