import { dirname } from 'node:path'
import { type Entry, pathOf } from '../../image/squashfs/tree.ts'
import type { FileTree } from '../file-tree.ts'
import type { PackageDatabase } from './package-database.ts'
import { readRpmFiles } from './rpm-database.ts'

/** Names and paths as a database lists them; folders may be among them. */
type ListedFiles = Iterable<readonly [name: string, paths: readonly string[]]>

const readers: Record<PackageDatabase['kind'], (files: FileTree, path: string) => ListedFiles> = {
  dpkg: listedInFolder,
  opkg: listedInFolder,
  apk: listedByApk,
  rpm: (files, path) => {
    const entry = files.findFile(path)
    return entry ? readRpmFiles(files.read(entry, 0, entry.inode.sizeBytes), files, path) : []
  },
}

/**
 * The package of each file by its real path, as the image's own database has it, and of what the database keeps of a package beside its
 * record. Empty where there is no database, or one that could not be read.
 */
export function packageOfFiles(files: FileTree, database: PackageDatabase | undefined): Map<string, string> {
  const owners = new Map<string, string>()
  if (database === undefined || database.problem !== undefined) return owners
  for (const [name, paths] of readers[database.kind](files, database.path))
    for (const path of paths) {
      const { entry } = files.resolve(path, { followLast: false })
      if (entry && entry.inode.kind !== 'folder') owners.set(pathOf(entry), name)
    }
  return owners
}

const listSuffix = '.list'

/** `info/NAME.list` beside the database, a path a line; opkg adds mode and link behind a tab (dpkg-query(1); opkg, pkg.c). */
function* listedInFolder(files: FileTree, path: string): Generator<[string, string[]]> {
  const info = `${dirname(path)}/info`
  for (const entry of files.list(info)) {
    const name = packageOf(entry)
    yield [name, [`${info}/${entry.name}`]]
    if (!entry.name.endsWith(listSuffix)) continue
    const lines = files.text(`${info}/${entry.name}`)?.split('\n') ?? []
    yield [name, lines.flatMap((line) => line.split('\t', 1)[0] || [])]
  }
}

/** `NAME.KIND`, or `NAME:ARCHITECTURE.KIND` of packages that may be there for several (dpkg). */
const packageOf = ({ name }: Entry): string => name.replace(/(?::[^:.]+)?\.[^.]*$/, '')

/** `P:` begins a package, `F:` a folder, `R:` a file in it (Alpine Linux, "Apk spec"). */
function* listedByApk(files: FileTree, path: string): Generator<[string, string[]]> {
  let [name, folder] = ['', '']
  for (const line of files.text(path)?.split('\n') ?? []) {
    const value = line.slice(2)
    if (line.startsWith('P:')) name = value
    if (line.startsWith('F:')) folder = value
    if (line.startsWith('R:')) yield [name, [`/${folder}/${value}`]]
  }
}
