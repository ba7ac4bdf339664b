import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { file, type TinyEntry } from '../../fixtures/static/tiny-tree.ts'
import { architectures } from '../../harness/model/architecture.ts'
import { cached, cacheKey } from '../../harness/platform/cache/cache.ts'
import { downloadPackages, unpackPackages } from '../../harness/recipes/debian-packages.ts'

/** Packages that ship what podman, the C library and the network tools are configured by. */
const packages = [
  'base-files',
  'containers-storage',
  'golang-github-containers-common',
  'golang-github-containers-image',
  'libc-bin',
  'netbase',
]

/** Where files of configuration lie in packages; the second is where one is put that a package installs when it is set up. */
const places: readonly (readonly [inPackage: string, inImage: string])[] = [
  ['etc/containers', '/etc/containers'],
  ['usr/share/containers', '/usr/share/containers'],
  ['usr/share/libc-bin/nsswitch.conf', '/etc/nsswitch.conf'],
  ['etc/host.conf', '/etc/host.conf'],
  ['etc/protocols', '/etc/protocols'],
  ['etc/services', '/etc/services'],
]

/** The configuration files of a Debian release by their path in an image, downloaded on first use and then cached. */
export async function distributionFiles(release: string): Promise<Map<string, TinyEntry>> {
  const key = cacheKey('files', release, ...packages, ...places.flat())
  const folder = await cached('files', key, (making) => unpackFiles(release, making))
  const found = new Map<string, TinyEntry>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    found.set(path.slice(folder.length), file(await readFile(path)))
  }
  return found
}

async function unpackFiles(release: string, folder: string): Promise<void> {
  const work = join(folder, 'work')
  const tree = join(work, 'tree')
  await unpackPackages(await downloadPackages({ arch: architectures.x86_64, release, packages }, work), tree)
  for (const [inPackage, inImage] of places) {
    const target = join(folder, inImage)
    await mkdir(dirname(target), { recursive: true })
    await cp(join(tree, inPackage), target, { recursive: true }).catch(unlessMissing)
  }
  await rm(work, { recursive: true })
}

/** A release may lack a file that another has. */
function unlessMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}

/** Some examples have values that are no TOML, such as a word without quotes. */
const setting = /^#("?[\w./-]+"?)\s*=\s*(?:["'[{\d-]|true\b|false\b)/
const table = /^#?\[([\w.]+)\]$/

/**
 * A commented configuration file with every key that it shows set to the value it shows: those behind a `#` without a
 * blank. Of a key that is shown twice only the first counts, since TOML refuses the second.
 */
export function uncommented(text: string): string {
  const seen = new Set<string>()
  let tableName = ''
  let isInList = false
  return text
    .split('\n')
    .map((line) => {
      if (isInList) {
        isInList = !/^#?\s*\]/.test(line)
        return line.replace(/^#/, '')
      }
      tableName = table.exec(line)?.[1] ?? tableName
      if (table.test(line)) return line.replace(/^#/, '')
      const [, key] = setting.exec(line) ?? []
      const name = `${tableName} ${key}`
      if (key === undefined || seen.has(name)) return line
      seen.add(name)
      isInList = /=\s*\[\s*$/.test(line)
      return line.slice(1)
    })
    .join('\n')
}
