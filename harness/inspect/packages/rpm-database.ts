import type { FileTree } from '../file-tree.ts'
import type { InstalledPackage } from './installed-package.ts'
import { readRpmHeader } from './rpm-header.ts'
import { rpmFiles, rpmPrivileges } from './rpm-privileges.ts'
import { readSqliteTable } from './sqlite-table.ts'
import { UnreadableDatabase } from './unreadable-database.ts'

/** rpm keeps each imported key as a package of this name, with no files (rpmkeys(8)). */
const keyPackage = 'gpg-pubkey'
const maxLogBytes = 64 * 1024 * 1024

/** The packages of an rpm database in SQLite: one header a row (rpm, lib/backend/sqlite.c). Throws UnreadableDatabase. */
export function readRpmPackages(content: Buffer, files: FileTree, path: string): InstalledPackage[] {
  const packages: InstalledPackage[] = []
  for (const header of headersOf(content, files, path)) packages.push(...installedPackage(header))
  return packages
}

/** Files of each package, by its name. Throws UnreadableDatabase. */
export function* readRpmFiles(content: Buffer, files: FileTree, path: string): Generator<[string, string[]]> {
  for (const header of headersOf(content, files, path)) {
    const { name } = readRpmHeader(header)
    if (name) yield [name, rpmFiles(header)]
  }
}

function* headersOf(content: Buffer, files: FileTree, path: string): Generator<Buffer> {
  for (const row of readSqliteTable(content, logBeside(files, path), 'Packages')) {
    const header = row.find((value) => Buffer.isBuffer(value))
    if (header) yield header
  }
}

function logBeside(files: FileTree, path: string): Buffer {
  const entry = files.findFile(`${path}-wal`)
  if (entry === undefined) return Buffer.alloc(0)
  const log = entry.inode.sizeBytes > maxLogBytes ? undefined : files.readIfWhole(entry, 0, maxLogBytes)
  if (log === undefined) throw new UnreadableDatabase('its log is damaged or longer than 64 MiB')
  return log
}

function installedPackage(bytes: Buffer): InstalledPackage[] {
  const { name, version, release, epoch, license, architecture, sourceRpm } = readRpmHeader(bytes)
  if (!name || version === undefined || name === keyPackage) return []
  const revision = release === undefined ? version : `${version}-${release}`
  const privileges = rpmPrivileges(bytes)
  // `name-version-release.src.rpm`; bitbake names it after the recipe (oe-core, package_rpm.bbclass).
  const source = sourceRpm && /^(.+)-[^-]+-[^-]+\.(?:no)?src\.rpm$/.exec(sourceRpm)?.[1]
  const full = epoch === undefined ? revision : `${epoch}:${revision}`
  return [
    {
      name,
      version: full,
      license,
      architecture,
      ...(source && { source }),
      ...(privileges.length > 0 && { privileges }),
    },
  ]
}
