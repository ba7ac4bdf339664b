import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tinyImage } from '../../../fixtures/static/tiny-image.ts'
import { file } from '../../../fixtures/static/tiny-tree.ts'
import { requireTool } from '../../platform/process/run-tool.ts'
import { openSquashfs, type Squashfs } from '../squashfs/squashfs.ts'
import { pathOf } from '../squashfs/tree.ts'
import { HybridFile } from './hybrid-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'hybrid-file-'))
const timeoutMs = 30_000
const large = Buffer.from(Array.from({ length: 60_000 }, (_, index) => `line ${index}\n`).join(''))
let base: { path: string; squashfs: Squashfs }
let other: Squashfs
beforeAll(async () => {
  const path = await tinyImage(join(folder, 'base.squashfs'), (tree) => {
    tree.set('/dev/null', { type: 'character-device' })
    tree.set('/usr/bin/ping', { type: 'file', content: 'ping', mode: 0o755, capabilities: true })
  })
  base = { path, squashfs: openSquashfs(path) }
  const otherPath = join(folder, 'other.squashfs')
  const edit = (tree: Parameters<NonNullable<Parameters<typeof tinyImage>[1]>>[0]) => {
    tree.set('/srv/large', file(large))
    tree.set('/srv/again', { type: 'hard-link', target: '/srv/large' })
    tree.set('/etc/hosts', file('other\n', 0o600))
  }
  await tinyImage(otherPath, edit, { compression: 'gzip', arguments: ['-b', '65536'] })
  other = openSquashfs(otherPath)
})
afterAll(() => {
  base.squashfs.close()
  other.close()
  rmSync(folder, { recursive: true })
})

const content = async (path: string, name: string): Promise<Buffer> =>
  (await requireTool('unsquashfs', ['-cat', path, name], { timeoutMs })).stdout

test('a hybrid has contents of both images, whatever their compression and blocks, and then only what the next one has', async () => {
  const hybrid = new HybridFile(base, 'x86_64', join(folder, 'hybrid.squashfs'))
  const appended = hybrid.append(other, ['/srv/large', '/srv/again', '/etc/hosts', '/etc/gone'])
  expect([...appended.keys()]).toEqual(['/srv/large', '/srv/again', '/etc/hosts'])
  expect(appended.get('/srv/again')).toBe(appended.get('/srv/large'))
  hybrid.become((tree) => {
    for (const [path, entry] of appended) tree.set(path, entry)
  })
  expect(await content(hybrid.path, 'srv/again')).toEqual(large)
  expect((await content(hybrid.path, 'etc/hosts')).toString()).toBe('other\n')
  expect(await content(hybrid.path, 'init')).toEqual(await content(base.path, 'init'))
  hybrid.become(() => undefined)
  expect((await content(hybrid.path, 'etc/hosts')).toString()).toBe('127.0.0.1\tlocalhost\n')
})

test('devices keep their numbers, and files their capabilities', async () => {
  const hybrid = new HybridFile(base, 'x86_64', join(folder, 'kept.squashfs'))
  hybrid.become(() => undefined)
  const { stdout } = await requireTool('unsquashfs', ['-lln', hybrid.path], { timeoutMs })
  expect(stdout.toString()).toMatch(/^crw-r--r-- 0\/0\s+1,\s+3 .*dev\/null$/m)
  const image = openSquashfs(hybrid.path)
  const ping = image.tree.entries.find((entry) => pathOf(entry) === '/usr/bin/ping')
  expect(image.xattrs.names(ping?.inode.xattrIndex ?? -1)).toEqual(['security.capability'])
  image.close()
})
