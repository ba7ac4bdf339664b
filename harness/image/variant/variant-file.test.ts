import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tinyImage } from '../../../fixtures/static/tiny-image.ts'
import { file } from '../../../fixtures/static/tiny-tree.ts'
import { requireTool } from '../../platform/process/run-tool.ts'
import { openSquashfs } from '../squashfs/squashfs.ts'
import { pathOf } from '../squashfs/tree.ts'
import { VariantFile } from './variant-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'variant-file-'))
const timeoutMs = 30_000
const large = Buffer.from(Array.from({ length: 60_000 }, (_, index) => `line ${index}\n`).join(''))
let original: string
let variant: VariantFile
beforeAll(async () => {
  original = await tinyImage(join(folder, 'original.squashfs'), (tree) => {
    tree.set('/usr/share/large', file(large))
    tree.set('/usr/share/same', { type: 'hard-link', target: '/usr/share/large' })
  })
  variant = new VariantFile(original, 'x86_64', join(folder, 'variant.squashfs'))
})
afterAll(() => {
  variant.close()
  rmSync(folder, { recursive: true })
})

/** Every name with type, mode, owner, size, time and link target, as another program reads them; the size of a folder is that of its listing. */
async function listing(path: string): Promise<string[]> {
  const { stdout } = await requireTool('unsquashfs', ['-lln', path], { timeoutMs })
  return stdout
    .toString()
    .split('\n')
    .map((line) => line.replace(/^(d\S+ \S+\s+)\d+/, '$1'))
    .sort()
}

async function content(path: string, name: string): Promise<Buffer> {
  return (await requireTool('unsquashfs', ['-cat', path, name], { timeoutMs })).stdout
}

describe('a variant of an image', () => {
  test('without any change is the same to other readers, file by file', async () => {
    const path = variant.withTree(() => undefined)
    expect(await listing(path)).toEqual(await listing(original))
    expect(await content(path, 'usr/share/large')).toEqual(large)
    expect(await content(path, 'init')).toEqual(await content(original, 'init'))
  })

  test('has new, changed, moved, linked and removed files, and nothing of the variant before it', async () => {
    variant.withTree((tree) => tree.write('/etc/before', 'x'))
    const path = variant.withTree((tree) => {
      tree.write('/srv/new', Buffer.concat([large, large]), 0o4755)
      tree.replace('/etc/hosts', 'localhost', 'otherhost')
      tree.move('/usr/share', '/usr/moved')
      tree.makeHardLink('/srv/again', '/srv/new')
      tree.copy('/usr/moved/large', '/srv/copy')
      tree.makePipe('/run/pipe')
      tree.giveCapability('/usr/bin/crun')
      tree.remove('/etc/nsswitch.conf')
      for (let index = 0; index < 1200; index++) tree.makeLink(`/many/link-${index}`, '../etc/hosts')
    })
    expect(await content(path, 'srv/new')).toEqual(Buffer.concat([large, large]))
    expect((await content(path, 'etc/hosts')).toString()).toContain('otherhost')
    expect(await content(path, 'usr/moved/large')).toEqual(large)
    const names = (await listing(path)).join('\n')
    expect(names).not.toMatch(/etc\/before|nsswitch|usr\/share/)
    expect(names.match(/many\/link-\d+ -> \.\.\/etc\/hosts/g)).toHaveLength(1200)
    expect(names).toMatch(/-rwsr-xr-x .*srv\/again/)
    expect(names).toMatch(/prw-r--r-- .*run\/pipe/)
  })

  test('stores copies once, hard links as one file, and a capability', () => {
    const path = variant.withTree((tree) => {
      tree.copy('/usr/share/large', '/srv/copy')
      tree.giveCapability('/usr/bin/crun')
    })
    const image = openSquashfs(path)
    const of = (name: string) => image.tree.entries.find((entry) => pathOf(entry) === name)?.inode
    expect(of('/srv/copy')?.data?.start).toBe(of('/usr/share/large')?.data?.start)
    expect(of('/srv/copy')?.number).not.toBe(of('/usr/share/large')?.number)
    expect(of('/usr/share/same')?.number).toBe(of('/usr/share/large')?.number)
    expect(image.xattrs.names(of('/usr/bin/crun')?.xattrIndex ?? -1)).toEqual(['security.capability'])
    image.close()
  })

  test('cannot be made by a change that does nothing', () => {
    expect(() => variant.withTree((tree) => tree.replace('/etc/hosts', 'nobody', 'x'))).toThrow('does not hold nobody')
    expect(() => variant.withTree((tree) => tree.remove('/etc/gone'))).toThrow('nothing at /etc/gone')
    expect(() => variant.withTree((tree) => tree.patch('/init', () => undefined))).toThrow('changes nothing')
    expect(() => variant.withTree((tree) => tree.setMode('/init', 0o755))).toThrow('that mode already')
  })

  test('can have other bytes, and then a whole tree again', async () => {
    const path = variant.withBytes((image, middleOf) => image.fill(0xff, middleOf('/usr/share/large'), 5000))
    expect(path).toBe(join(folder, 'variant.squashfs'))
    expect(
      await content(
        variant.withTree(() => undefined),
        'usr/share/large',
      ),
    ).toEqual(large)
  })
})
