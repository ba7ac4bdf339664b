import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { packedBzImage } from '../../../fixtures/kernels/packed-kernel.ts'
import { tinyModule } from '../../../fixtures/kernels/tiny-module.ts'
import { tinyElf } from '../../../fixtures/static/tiny-elf.ts'
import { tinyImage } from '../../../fixtures/static/tiny-image.ts'
import { file } from '../../../fixtures/static/tiny-tree.ts'
import { readFilesBeside } from '../../image/boot-files/user-boot-files.ts'
import { openSquashfs } from '../../image/squashfs/squashfs.ts'
import { writeCpio } from '../../recipes/cpio-archive.ts'
import { FileTree } from '../file-tree.ts'
import { readShippedKernel } from './read-shipped-kernel.ts'
import type { ShippedKernel } from './shipped-kernel.ts'

const version = '6.12.118-yocto-standard'
const configOf = (release: string, option: string): string =>
  `# Linux/x86 ${release} Kernel Configuration\nCONFIG_${option}=y\n`
const carried = Buffer.concat([
  Buffer.from('IKCFG_ST'),
  gzipSync(configOf('6.12.118', 'CARRIED')),
  Buffer.from('IKCFG_ED'),
])

const parent = mkdtempSync(join(tmpdir(), 'shipped-'))
let folder: string
const write = (name: string, content: string | Buffer) => writeFileSync(join(folder, name), content)
beforeEach(() => {
  folder = mkdtempSync(join(parent, 'deploy-'))
  write('bzImage', packedBzImage(gzipSync('a kernel that carries nothing'), version))
  const modules = [{ path: 'ext4.ko', kind: 'file' as const, mode: 0o644, contents: tinyModule(version) }]
  write('initramfs.cpio.gz', gzipSync(writeCpio(modules)))
})
afterAll(() => rmSync(parent, { recursive: true }))

/** What is told of the kernel in the folder, beside an image with these files. */
async function read(inImage: Record<string, string | Buffer> = {}): Promise<ShippedKernel> {
  const path = await tinyImage(join(folder, 'image.squashfs'), (tree) => {
    for (const [name, text] of Object.entries(inImage)) tree.set(name, file(text))
  })
  const squashfs = openSquashfs(path)
  try {
    const beside = { kernel: join(folder, 'bzImage'), initramfs: join(folder, 'initramfs.cpio.gz') }
    const files = new FileTree(squashfs.tree, squashfs.content)
    return (await readShippedKernel(await readFilesBeside(beside), files)) as ShippedKernel
  } finally {
    squashfs.close()
  }
}

test('a kernel of which nothing tells is one of which nothing is known but its version and its initramfs', async () => {
  expect(await read()).toEqual({
    path: join(folder, 'bzImage'),
    version,
    config: undefined,
    builtIn: undefined,
    symbols: undefined,
    archive: undefined,
    initramfs: {
      path: join(folder, 'initramfs.cpio.gz'),
      packing: 'gzip',
      modules: [{ name: 'ext4', path: '/ext4.ko', release: version }],
    },
  })
})

test('what the kernel itself carries comes before a file beside it', async () => {
  write('bzImage', packedBzImage(gzipSync(carried), version))
  write('config', configOf('6.12.118', 'BESIDE'))
  expect((await read()).config?.options).toEqual(new Map([['CARRIED', 'y']]))
})

test.each(['config', '.config', `config-${version}`, 'kernel-qemux86-64.config'])(
  '%s beside it is read',
  async (name) => {
    write(name, configOf('6.12.118', 'BESIDE'))
    expect((await read()).config).toEqual({ options: new Map([['BESIDE', 'y']]), origin: join(folder, name) })
  },
)

test('a configuration that is a module is read from the module of this kernel', async () => {
  const module = gzipSync(tinyElf({ text: carried.toString('latin1') }))
  const modules = (release: string) => `/usr/lib/modules/${release}/kernel/kernel/configs.ko.gz`
  const found = await read({ [modules(version)]: module })
  expect(found.config).toEqual({ options: new Map([['CARRIED', 'y']]), origin: `${modules(version)} of the image` })
  expect((await read({ [modules('6.1.0')]: module })).config).toBeUndefined()
})

test('a configuration of another kernel is passed over', async () => {
  write('config-6.12.1', configOf('6.12.1', 'OTHER'))
  expect((await read()).config).toBeUndefined()
  write('config-6.12.118', configOf('6.12.118', 'OWN'))
  expect((await read()).config?.options).toEqual(new Map([['OWN', 'y']]))
})

test('a configuration that is named after the release of the kernel is its own, whatever version is in it', async () => {
  write(`config-${version}`, configOf('6.12.999', 'NAMED'))
  expect((await read()).config?.options).toEqual(new Map([['NAMED', 'y']]))
})

test('what the image has of this very kernel is read, and of others not', async () => {
  const modules = `/usr/lib/modules/${version}`
  const found = await read({
    [`/boot/config-${version}`]: configOf('6.12.118', 'INSIDE'),
    [`${modules}/modules.builtin`]: 'kernel/fs/squashfs/squashfs.ko\nkernel/drivers/block/virtio-blk.ko\n',
    [`/boot/System.map-${version}`]: 'ffffffff81000000 T startup_64\nffffffff82000000 t ovl_init\n',
  })
  expect(found.config).toEqual({ options: new Map([['INSIDE', 'y']]), origin: `/boot/config-${version} of the image` })
  expect(found.builtIn?.modules).toEqual(new Set(['squashfs', 'virtio_blk']))
  expect(found.symbols).toEqual(new Set(['startup_64', 'ovl_init']))
  const others = await read({ '/boot/config-6.1.0': configOf('6.1.0', 'OTHER') })
  expect(others.config).toBeUndefined()
})

/** Leaves the archive of a kernel's modules in the folder, as bitbake does. */
function deployModules(release: string): void {
  const root = mkdtempSync(join(parent, 'modules-'))
  const modules = join(root, 'lib/modules', release)
  mkdirSync(modules, { recursive: true })
  writeFileSync(join(modules, 'ext4.ko'), tinyModule(release))
  writeFileSync(join(modules, 'configs.ko'), tinyElf({ text: carried.toString('latin1') }))
  writeFileSync(join(modules, 'modules.builtin'), 'kernel/fs/squashfs/squashfs.ko\n')
  execFileSync('tar', ['-czf', join(folder, 'modules-qemux86-64.tgz'), '-C', root, 'lib'])
}

test('the archive of its modules beside it tells how it was configured, and what is built in', async () => {
  deployModules(version)
  const path = join(folder, 'modules-qemux86-64.tgz')
  expect(await read()).toMatchObject({
    config: { options: new Map([['CARRIED', 'y']]), origin: `configs.ko of ${path}` },
    builtIn: { modules: new Set(['squashfs']), origin: `modules.builtin of ${path}` },
    archive: { path, release: version },
  })
})

test('the archive of another kernel’s modules tells nothing of it', async () => {
  deployModules('6.12.1-yocto-standard')
  expect(await read()).toMatchObject({
    config: undefined,
    builtIn: undefined,
    archive: { release: '6.12.1-yocto-standard' },
  })
})
