import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type TinyEdit, tinyImage } from '../../../fixtures/static/tiny-image.ts'
import { openSquashfs } from '../../image/squashfs/squashfs.ts'
import { fileDifferences, packageDifferences } from './content-difference.ts'
import { differencesIn } from './phase-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'difference-'))
afterAll(() => rmSync(folder, { recursive: true }))
const before: TinyEdit = (tree) => tree.set('/opt/file', { type: 'file', content: 'one' })

async function differenceTo(edit: TinyEdit) {
  const edited: TinyEdit = (tree) => {
    before(tree)
    edit(tree)
  }
  const open = async (each: TinyEdit, mkfsTimeS: number) =>
    openSquashfs(await tinyImage(join(folder, `${Math.random()}.squashfs`), each, { mkfsTimeS }))
  const [a, b] = [await open(before, 1_700_000_000), await open(edited, 1_800_000_000)]
  const difference = fileDifferences(a, b)
  for (const image of [a, b]) image.close()
  return difference
}

test('images that differ in their times alone do not differ', async () => {
  expect(await differenceTo(() => undefined)).toEqual([])
})

test.each<[string, TinyEdit, object[]]>([
  [
    'content of the same size',
    (tree) => tree.set('/opt/file', { type: 'file', content: 'two' }),
    [{ path: '/opt/file', change: 'changed', sizeBytes: 0 }],
  ],
  [
    'size',
    (tree) => tree.set('/opt/file', { type: 'file', content: 'longer' }),
    [{ path: '/opt/file', change: 'changed', sizeBytes: 3 }],
  ],
  [
    'permissions',
    (tree) => tree.set('/opt/file', { type: 'file', content: 'one', mode: 0o600 }),
    [{ path: '/opt/file', change: 'changed', sizeBytes: 0 }],
  ],
  [
    'kind',
    (tree) => tree.set('/opt/file', { type: 'link', target: 'one' }),
    [{ path: '/opt/file', change: 'changed', sizeBytes: -3 }],
  ],
  [
    'a file more',
    (tree) => tree.set('/opt/more', { type: 'file', content: '12345' }),
    [{ path: '/opt/more', change: 'added', sizeBytes: 5 }],
  ],
  [
    'a file less',
    (tree) => tree.delete('/opt/file'),
    [
      { path: '/opt/file', change: 'removed', sizeBytes: -3 },
      { path: '/opt', change: 'removed', sizeBytes: 0 },
    ],
  ],
])('a difference of %s is told', async (_what, edit, files) => {
  const found = await differenceTo(edit)
  expect(found).toHaveLength(files.length)
  expect(found).toEqual(expect.arrayContaining(files))
})

test('differences are found where a phase looks', () => {
  const files = ['/init', '/usr/bin/podman', '/usr/bin/crun', '/usr/share/doc/x'].map(
    (path) => ({ path, change: 'changed', sizeBytes: 0 }) as const,
  )
  const paths = (metric: string) => differencesIn(metric, files).map(({ path }) => path)
  expect(paths('exact_boot_init_instructions')).toEqual(['/init'])
  expect(paths('exact_version_instructions')).toEqual(['/usr/bin/podman'])
  expect(paths('run_first_cpu_ms')).toEqual(['/usr/bin/podman', '/usr/bin/crun'])
  expect(paths('image_size_bytes')).toEqual([])
})

test('packages of another version, new ones and missing ones are told', () => {
  const database = (...packages: [name: string, version: string][]) => ({
    packageDatabase: {
      ...{ kind: 'dpkg' as const, path: '/var/lib/dpkg/status', problem: undefined },
      packages: packages.map(([name, version]) => ({ name, version, architecture: undefined, license: undefined })),
    },
  })
  const [a, b] = [
    database(['crun', '1'], ['podman', '5.4'], ['ip', '6']),
    database(['crun', '1'], ['podman', '5.5'], ['nft', '1']),
  ]
  expect(packageDifferences(a, b)).toEqual([
    { name: 'ip', a: '6' },
    { name: 'nft', b: '1' },
    { name: 'podman', a: '5.4', b: '5.5' },
  ])
  expect(packageDifferences({ packageDatabase: undefined }, { packageDatabase: undefined })).toEqual([])
})
