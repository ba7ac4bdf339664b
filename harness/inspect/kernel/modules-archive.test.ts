import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { tinyModule } from '../../../fixtures/kernels/tiny-module.ts'
import { modulesArchiveBeside, readModulesArchive } from './modules-archive.ts'

const version = '6.18.2-yocto-standard'
const parent = mkdtempSync(join(tmpdir(), 'archive-'))
let folder: string
let kernel: string
beforeEach(() => {
  folder = mkdtempSync(join(parent, 'deploy-'))
  kernel = join(folder, 'bzImage')
})
afterAll(() => rmSync(parent, { recursive: true }))

/** Packs files, and links where the content is one, as bitbake does: `tar -cvzf … -C ROOT lib`. */
function pack(name: string, files: Record<string, string | Buffer | { link: string }>): string {
  const root = mkdtempSync(join(parent, 'root-'))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true })
    if (typeof content === 'object' && 'link' in content) symlinkSync(content.link, join(root, path))
    else writeFileSync(join(root, path), content)
  }
  const archive = join(folder, name)
  execFileSync('tar', ['-czf', archive, '-C', root, 'lib'])
  return archive
}

const lib = (release = version): string => `lib/modules/${release}`
const ofKernel = (release: string) => ({
  [`${lib(release)}/kernel/fs/ext4/ext4.ko`]: tinyModule(release),
  [`${lib(release)}/kernel/net/9p/9pnet-virtio.ko.gz`]: gzipSync(tinyModule(release)),
  [`${lib(release)}/modules.builtin`]: 'kernel/fs/squashfs/squashfs.ko\n',
  [`${lib(release)}/modules.dep`]: '',
})

test('its modules are read by name, with the kernel that they were made for, and what is built in', async () => {
  const path = pack('modules--6.18.2-r0-qemux86-64-20261127.tgz', ofKernel(version))
  symlinkSync(path, join(folder, 'modules-qemux86-64.tgz'))
  const archive = await modulesArchiveBeside(kernel, version)
  expect(archive).toMatchObject({ path, release: version, builtIn: 'kernel/fs/squashfs/squashfs.ko\n' })
  expect([...(archive?.modules ?? [])].sort((a, b) => a.name.localeCompare(b.name))).toEqual([
    { name: '9pnet_virtio', path: `${lib()}/kernel/net/9p/9pnet-virtio.ko.gz`, release: version },
    { name: 'ext4', path: `${lib()}/kernel/fs/ext4/ext4.ko`, release: version },
  ])
})

test('of several the one of this kernel is taken, else the newest', async () => {
  const older = pack('modules-a.tgz', ofKernel(version))
  const newer = pack('modules-b.tgz', ofKernel('6.18.1'))
  utimesSync(older, 1, 1)
  expect((await modulesArchiveBeside(kernel, version))?.path).toBe(older)
  expect((await modulesArchiveBeside(kernel, '5.4'))?.path).toBe(newer)
})

test('links are not followed, neither beside the kernel nor in the archive', async () => {
  const outside = join(parent, 'outside.tgz')
  writeFileSync(outside, gzipSync(''))
  symlinkSync(outside, join(folder, 'modules-x.tgz'))
  expect(await modulesArchiveBeside(kernel, version)).toBeUndefined()
  pack('modules-y.tgz', {
    [`${lib()}/modules.builtin`]: { link: '/etc/passwd' },
    [`${lib()}/kernel/a.ko`]: { link: '../../../../../etc/passwd' },
    [`${lib()}/kernel/b.ko`]: '',
  })
  expect(await modulesArchiveBeside(kernel, version)).toMatchObject({
    builtIn: undefined,
    modules: [{ name: 'b', release: undefined }],
  })
})

test('one that is cut, is no archive, or has no modules, is none', async () => {
  truncateSync(pack('modules-cut.tgz', { [`${lib()}/a.ko`]: randomBytes(10_000) }), 5000)
  writeFileSync(join(folder, 'modules-text.tgz'), 'text')
  pack('modules-other.tgz', { 'lib/firmware/a': 'b' })
  expect(await modulesArchiveBeside(kernel, version)).toBeUndefined()
})

test('one that unpacks to more than is looked at is none, and is not read to its end', async () => {
  const path = pack('modules-large.tgz', { [`${lib()}/a.ko`]: Buffer.alloc(2_000_000), [`${lib()}/b.ko`]: '' })
  const bounds = { maxUnpackedBytes: 3_000_000, maxMembers: 10 }
  expect(await readModulesArchive(path, bounds)).toMatchObject({ release: version })
  expect(await readModulesArchive(path, { ...bounds, maxUnpackedBytes: 1_000_000 })).toBeUndefined()
  expect(await readModulesArchive(path, { ...bounds, maxMembers: 1 })).toBeUndefined()
})

test('bytes of any kind break nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
      writeFileSync(join(folder, 'modules-any.tgz'), gzipSync(bytes))
      expect(await modulesArchiveBeside(kernel, version)).toBeUndefined()
    }),
    { numRuns: 30 },
  )
})
