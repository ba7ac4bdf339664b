import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type TinyEdit, type TinyImageOptions, tinyImage } from '../../fixtures/static/tiny-image.ts'
import { link, podmanProgram, program, replaceIn } from '../../fixtures/static/tiny-tree.ts'
import { judgeImage, objections } from './judge-image.ts'

const folder = mkdtempSync(join(tmpdir(), 'static-variants-'))
afterAll(() => rmSync(folder, { recursive: true }))

let imageCount = 0
const judged = async (edit?: TinyEdit, options?: TinyImageOptions) =>
  judgeImage(await tinyImage(join(folder, `${imageCount++}.squashfs`), edit, options), 'vpdmn')

/** A defect that is found by reading a file's content, so that the content must have been read right. */
const otherDriver: TinyEdit = (tree) => replaceIn(tree, '/etc/containers/storage.conf', '"vfs"', '"overlay"')
const driverFails = expect.arrayContaining([expect.stringMatching(/^STO-001 .*overlay/)])

describe.each(['gzip', 'xz', 'zstd', 'lz4', 'lzo'] as const)('an image compressed with %s', (compression) => {
  test('is judged as any other', async () => {
    const results = await judged(undefined, { compression })
    expect(objections(results)).toEqual([])
    const other = await judged()
    const outcome = ({ id, status, findings }: (typeof results)[number]) => ({ id, status, findings })
    expect(results.map(outcome)).toEqual(other.map(outcome))
    expect(objections(await judged(otherDriver, { compression }))).toEqual(driverFails)
  })
})

/** /bin, /sbin, /lib and /lib64 as folders of their own. */
const unmerged: TinyEdit = (tree) => {
  for (const [path, entry] of [...tree]) {
    // The loader and the C library; iptables looks for its extensions below /usr.
    if (!path.startsWith('/usr/lib64/l')) continue
    tree.delete(path)
    tree.set(path.replace('/usr/', '/'), entry)
  }
  for (const merged of ['/bin', '/sbin', '/lib', '/lib64']) tree.delete(merged)
  tree.set('/bin/sh', link('../usr/bin/dash'))
}

/** Podman of a major version, with the network programs of its time. */
const era =
  (version: string, network: string): TinyEdit =>
  (tree) => {
    tree.set('/usr/bin/podman', program(podmanProgram(version)))
    replaceIn(tree, '/var/lib/dpkg/status', 'Version: 5.4.2', `Version: ${version}`)
    if (network !== '1.14.0') replaceIn(tree, '/var/lib/dpkg/status', /Version: 1\.14\.0/g, `Version: ${network}`)
  }

describe.each([
  ['a merged /usr', () => undefined],
  ['an unmerged /usr', unmerged],
  ['podman 4', era('4.9.5', '1.4.0')],
  ['podman 5', era('5.6.0', '1.14.0')],
  ['podman 6', era('6.0.1', '2.0.0')],
] as [string, TinyEdit][])('an image with %s', (_, edit) => {
  test('fails no requirement', async () => {
    expect(objections(await judged(edit))).toEqual([])
  })

  test('does not hide a defect', async () => {
    const results = await judged((tree) => {
      edit(tree)
      otherDriver(tree)
    })
    expect(objections(results)).toEqual(driverFails)
  })
})
