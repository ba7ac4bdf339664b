import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { requireTool } from '../../platform/process/run-tool.ts'
import type { PackageArchive } from '../debian-packages.ts'

const timeoutMs = 60_000

/**
 * Writes dpkg's database (`var/lib/dpkg`): which packages are in the tree, and which of its files are whose. Written
 * last, so that it lists only what has remained.
 */
export async function writePackageDatabase(archives: readonly PackageArchive[], tree: string): Promise<void> {
  const folder = join(tree, 'var/lib/dpkg')
  await mkdir(join(folder, 'info'), { recursive: true })
  const entries: string[] = []
  for (const archive of archives) {
    entries.push(await statusEntry(archive))
    await writeFile(join(folder, 'info', `${archive.name}.list`), await remainingFiles(archive, tree))
  }
  await writeFile(join(folder, 'status'), entries.join('\n'))
}

/** The package's own description of itself, as dpkg keeps it for an installed one (deb-control(5), dpkg-query(1)). */
async function statusEntry({ path }: PackageArchive): Promise<string> {
  const { stdout } = await requireTool('dpkg-deb', ['--field', path], { timeoutMs })
  return stdout.toString('utf8').replace(/^(Package: .*\n)/m, '$1Status: install ok installed\n')
}

async function remainingFiles({ path }: PackageArchive, tree: string): Promise<string> {
  const { stdout } = await requireTool('dpkg-deb', ['--contents', path], { timeoutMs })
  const paths = stdout
    .toString('utf8')
    .split('\n')
    .map((line) => / \.(\/.*?)(?: -> .*)?$/.exec(line)?.[1] ?? '')
    .filter((name) => name !== '' && !name.endsWith('/') && existsSync(join(tree, name)))
  return paths.map((name) => `${name}\n`).join('')
}
