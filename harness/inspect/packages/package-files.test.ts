import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { rpmDatabase } from '../../../fixtures/static/rpm-database.ts'
import { type TinyEdit, tinyImage } from '../../../fixtures/static/tiny-image.ts'
import { file } from '../../../fixtures/static/tiny-tree.ts'
import { openSquashfs } from '../../image/squashfs/squashfs.ts'
import { FileTree } from '../file-tree.ts'
import { readPackageDatabase } from './package-database.ts'
import { packageOfFiles } from './package-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'package-files-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function owners(edit: TinyEdit): Promise<Map<string, string>> {
  const squashfs = openSquashfs(await tinyImage(join(folder, 'image.squashfs'), edit))
  const files = new FileTree(squashfs.tree, squashfs.content)
  const found = packageOfFiles(files, readPackageDatabase(files))
  squashfs.close()
  return found
}

test('dpkg lists files beside its database, by paths that may lead through links, and for one architecture', async () => {
  const found = await owners((tree) => {
    tree.set('/var/lib/dpkg/info/crun:amd64.list', file('/usr\n/bin/crun\n/usr/bin/gone\n'))
    tree.set('/var/lib/dpkg/info/iptables.list', file('/usr/sbin/iptables\n/usr/sbin/ip6tables\n'))
    tree.set('/var/lib/dpkg/info/libfoo1.2.md5sums', file('x\n'))
  })
  expect(Object.fromEntries(found)).toEqual({
    '/usr/bin/crun': 'crun',
    '/usr/sbin/iptables': 'iptables',
    '/usr/sbin/ip6tables': 'iptables',
    '/var/lib/dpkg/info/crun:amd64.list': 'crun',
    '/var/lib/dpkg/info/iptables.list': 'iptables',
    '/var/lib/dpkg/info/libfoo1.2.md5sums': 'libfoo1.2',
  })
})

test('opkg adds the mode behind a tab', async () => {
  const found = await owners((tree) => {
    tree.delete('/var/lib/dpkg/status')
    tree.set('/var/lib/opkg/status', file('Package: crun\nVersion: 1\nStatus: install ok installed\n'))
    tree.set('/var/lib/opkg/info/crun.list', file('/usr/bin/crun\t0100755\n'))
  })
  expect(found.get('/usr/bin/crun')).toBe('crun')
})

test('apk lists folders and the files in them', async () => {
  const found = await owners((tree) => {
    tree.delete('/var/lib/dpkg/status')
    tree.set(
      '/usr/lib/apk/db/installed',
      file('P:crun\nV:1\nF:usr/bin\nR:crun\nR:gone\n\nP:other\nV:1\nF:etc\nR:hosts\n'),
    )
  })
  expect(Object.fromEntries(found)).toEqual({ '/usr/bin/crun': 'crun', '/etc/hosts': 'other' })
})

test('rpm has them in the header of each package', async () => {
  const recorded = [{ path: '/usr/bin/crun', mode: 0o100755, capabilities: '' }]
  const found = await owners((tree) => {
    tree.delete('/var/lib/dpkg/status')
    tree.set('/var/lib/rpm/rpmdb.sqlite', file(rpmDatabase([{ name: 'crun', version: '1', files: recorded }]).content))
  })
  expect(Object.fromEntries(found)).toEqual({ '/usr/bin/crun': 'crun' })
})

test('an image without a database has no packages', async () => {
  expect((await owners((tree) => tree.delete('/var/lib/dpkg/status'))).size).toBe(0)
})
