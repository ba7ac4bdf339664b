import { mkdir, mkdtemp, readFile, rm, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { requireTool } from '../../platform/process/run-tool.ts'
import { type PackageArchive, unpackPackages } from '../debian-packages.ts'
import { writePackageDatabase } from './package-database.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packages-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function makePackage(name: string, paths: readonly string[]): Promise<PackageArchive> {
  const source = join(folder, `${name}-source`)
  await mkdir(join(source, 'DEBIAN'), { recursive: true })
  const control = [`Package: ${name}`, 'Version: 1.2-3', 'Architecture: all', 'Maintainer: Nobody <nobody@example.org>']
  await writeFile(join(source, 'DEBIAN/control'), `${control.join('\n')}\nDescription: a sample\n of a package\n`)
  for (const path of paths) {
    await mkdir(join(source, path, '..'), { recursive: true })
    await writeFile(join(source, path), name)
  }
  const path = join(folder, `${name}_1.2-3_all.deb`)
  await requireTool('dpkg-deb', ['--root-owner-group', '--build', source, path], { timeoutMs: 10_000 })
  return { name, path }
}

test('lists each package as installed, with those of its files that have remained', async () => {
  const archives = [
    await makePackage('first', ['usr/bin/first', 'usr/share/doc/first']),
    await makePackage('second', []),
  ]
  const tree = join(folder, 'tree')
  await unpackPackages(archives, tree)
  await unlink(join(tree, 'usr/share/doc/first'))
  await writePackageDatabase(archives, tree)
  expect(await readFile(join(tree, 'var/lib/dpkg/info/first.list'), 'utf8')).toBe('/usr/bin/first\n')
  const status = await readFile(join(tree, 'var/lib/dpkg/status'), 'utf8')
  const entries = status.split('\n\n').map((entry) => entry.split('\n'))
  expect(entries.map((entry) => entry.slice(0, 3))).toEqual([
    ['Package: first', 'Status: install ok installed', 'Version: 1.2-3'],
    ['Package: second', 'Status: install ok installed', 'Version: 1.2-3'],
  ])
})
