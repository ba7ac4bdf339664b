import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { rpmDatabase } from '../../../fixtures/static/rpm-database.ts'
import { squashfsOf } from '../../../fixtures/static/tiny-image.ts'
import { file, type TinyTree } from '../../../fixtures/static/tiny-tree.ts'
import { openSquashfs } from '../../image/squashfs/squashfs.ts'
import { FileTree } from '../file-tree.ts'
import { readPackageDatabase } from './package-database.ts'

const folder = mkdtempSync(join(tmpdir(), 'package-database-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function databaseOf(files: Record<string, string | Buffer>) {
  const tree: TinyTree = new Map(Object.entries(files).map(([path, content]) => [path, file(content)]))
  const squashfs = openSquashfs(await squashfsOf(join(folder, 'image.squashfs'), tree))
  try {
    return readPackageDatabase(new FileTree(squashfs.tree, squashfs.content))
  } finally {
    squashfs.close()
  }
}

const podman = { name: 'podman', version: '5.4.2', license: 'Apache-2.0', architecture: 'x86_64' }

describe('readPackageDatabase', () => {
  test.each([
    [
      'dpkg',
      '/var/lib/dpkg/status',
      'Package: podman\nStatus: install ok installed\nVersion: 5.4.2+ds-1\nArchitecture: amd64\nDescription: a\n b: c\n',
    ],
    [
      'opkg',
      '/var/lib/opkg/status',
      'Package: podman\nVersion: 5.4.2+ds-1\nStatus: install user installed\nArchitecture: amd64\n',
    ],
    ['apk', '/lib/apk/db/installed', 'C:Q1=\nP:podman\nV:5.4.2+ds-1\nA:amd64\nF:usr\n'],
  ])('reads the text database of %s', async (kind, path, content) => {
    const database = await databaseOf({ [path]: `${content}\n` })
    expect(database).toMatchObject({ kind, path, problem: undefined })
    expect(database?.packages).toEqual([
      { name: 'podman', version: '5.4.2+ds-1', architecture: 'amd64', license: undefined },
    ])
  })

  test.each([
    ['/var/lib/opkg/status', 'Package: podman\nVersion: 1\nSource: podman_5.4.2.bb\n', 'podman'],
    ['/var/lib/opkg/status', 'Package: podman\nVersion: 1\nSource: gtk+3_3.24.bb\n', 'gtk+3'],
    ['/var/lib/dpkg/status', 'Package: podman\nVersion: 1\nSource: libpod (5.4.2+ds1-1)\n', 'libpod'],
    ['/var/lib/dpkg/status', 'Package: podman\nVersion: 1\nSource: libpod\n', 'libpod'],
    ['/var/lib/dpkg/status', 'Package: podman\nVersion: 1\n', undefined],
    ['/lib/apk/db/installed', 'P:podman-cli\nV:1\no:podman\n', 'podman'],
  ])('knows the recipe or source package of a package in %s', async (path, content, source) => {
    expect((await databaseOf({ [path]: `${content}\n` }))?.packages[0]?.source).toBe(source)
  })

  test('leaves out packages of which only the configuration is left', async () => {
    const stanza = (name: string, status: string) => `Package: ${name}\nStatus: ${status}\nVersion: 1\n`
    const text = [stanza('gone', 'deinstall ok config-files'), stanza('half', 'install ok half-configured')].join('\n')
    const database = await databaseOf({ '/var/lib/dpkg/status': text })
    expect(database?.packages.map(({ name }) => name)).toEqual(['half'])
  })

  test('reads the database of rpm, epochs and releases included, keys left out', async () => {
    const { content } = rpmDatabase([
      { ...podman, epoch: 5, release: '1.fc42' },
      { name: 'gpg-pubkey', version: 'a15b79cc' },
      { name: 'crun', version: '1.21' },
    ])
    expect(await databaseOf({ '/usr/lib/sysimage/rpm/rpmdb.sqlite': content })).toEqual({
      kind: 'rpm',
      path: '/usr/lib/sysimage/rpm/rpmdb.sqlite',
      packages: [
        { name: 'podman', version: '5:5.4.2-1.fc42', license: 'Apache-2.0', architecture: 'x86_64' },
        { name: 'crun', version: '1.21', license: undefined, architecture: undefined },
      ],
      problem: undefined,
    })
  })

  test('reads the log beside an rpm database', async () => {
    const { content, log } = rpmDatabase([], [podman])
    const path = '/var/lib/rpm/rpmdb.sqlite'
    expect((await databaseOf({ [path]: content, [`${path}-wal`]: log }))?.packages).toHaveLength(1)
  })

  test.each([
    ['Packages.db', 'RpmP', /ndb format/],
    ['Packages', '\0\0\0\0', /Berkeley DB/],
    ['rpmdb.sqlite', 'nothing', /not an SQLite database/],
  ])("says why it did not read rpm's %s", async (name, content, problem) => {
    const database = await databaseOf({ [`/var/lib/rpm/${name}`]: content })
    expect(database).toMatchObject({ kind: 'rpm', packages: [] })
    expect(database?.problem).toMatch(problem)
  })

  test('prefers a database with packages to one that is empty', async () => {
    const { content } = rpmDatabase([podman])
    const database = await databaseOf({ '/var/lib/dpkg/status': '', '/var/lib/rpm/rpmdb.sqlite': content })
    expect(database?.kind).toBe('rpm')
  })

  test('knows none in an image without one', async () => {
    expect(await databaseOf({ '/etc/hostname': 'x' })).toBeUndefined()
  })
})
