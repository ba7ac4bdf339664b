import type { FileTree } from '../file-tree.ts'
import type { InstalledPackage } from './installed-package.ts'
import { readRpmPackages } from './rpm-database.ts'
import { alpineFields, debianFields, readStanzas } from './stanzas.ts'
import { UnreadableDatabase } from './unreadable-database.ts'

export interface PackageDatabase {
  kind: 'dpkg' | 'opkg' | 'apk' | 'rpm'
  path: string
  packages: InstalledPackage[]
  /** Why its packages are not known, to follow "was not read: "; undefined where they are. */
  problem: string | undefined
}

/** One format of a database and the places where it is found. */
interface Format {
  kind: PackageDatabase['kind']
  paths: readonly string[]
  /** Throws UnreadableDatabase. */
  read: (content: Buffer, files: FileTree, path: string) => InstalledPackage[]
}

const readDebian = (content: Buffer) => readStanzas(content.toString('utf8'), debianFields)
const readAlpine = (content: Buffer) => readStanzas(content.toString('utf8'), alpineFields)

/** rpm's folder by default, of Fedora and SUSE, and of images that are updated as a whole (rpm macro `_dbpath`). */
const inRpmFolders = (file: string) =>
  ['/var/lib/rpm', '/usr/lib/sysimage/rpm', '/usr/share/rpm'].map((folder) => `${folder}/${file}`)

function unsupported(format: string): Format['read'] {
  return () => {
    throw new UnreadableDatabase(`it is ${format}; \`rpmdb --rebuilddb\` of a later rpm makes it SQLite`)
  }
}

/** Formats in order of preference: of several databases the first one with packages counts. */
const formats: readonly Format[] = [
  { kind: 'dpkg', paths: ['/var/lib/dpkg/status'], read: readDebian },
  { kind: 'opkg', paths: ['/var/lib/opkg/status', '/usr/lib/opkg/status'], read: readDebian },
  { kind: 'apk', paths: ['/lib/apk/db/installed', '/usr/lib/apk/db/installed'], read: readAlpine },
  { kind: 'rpm', paths: inRpmFolders('rpmdb.sqlite'), read: readRpmPackages },
  { kind: 'rpm', paths: inRpmFolders('Packages.db'), read: unsupported('in the ndb format') },
  { kind: 'rpm', paths: inRpmFolders('Packages'), read: unsupported('a Berkeley DB, as rpm before 4.16 writes it') },
]

/** Some hundred kilobytes of text, or some ten megabytes of an rpm database, are what container hosts have. */
const maxDatabaseBytes = 64 * 1024 * 1024

/** Reads the image's package database; undefined where it has none. */
export function readPackageDatabase(files: FileTree): PackageDatabase | undefined {
  const found = formats.flatMap((format) => format.paths.flatMap((path) => readFrom(files, path, format) ?? []))
  return found.find(({ packages }) => packages.length > 0) ?? found[0]
}

function readFrom(files: FileTree, path: string, { kind, read }: Format): PackageDatabase | undefined {
  const entry = files.findFile(path)
  if (entry === undefined) return undefined
  try {
    if (entry.inode.sizeBytes > maxDatabaseBytes) throw new UnreadableDatabase('it is longer than 64 MiB')
    const content = files.readIfWhole(entry, 0, maxDatabaseBytes)
    if (content === undefined) throw new UnreadableDatabase('its data is damaged')
    return { kind, path, packages: read(content, files, path), problem: undefined }
  } catch (error) {
    if (error instanceof UnreadableDatabase) return { kind, path, packages: [], problem: error.message }
    throw error
  }
}
