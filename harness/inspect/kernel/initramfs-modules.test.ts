import { zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tinyModule } from '../../../fixtures/kernels/tiny-module.ts'
import { type CpioEntry, writeCpio } from '../../recipes/cpio-archive.ts'
import { modulesOf } from './initramfs-modules.ts'

const module = (path: string, contents: Buffer): CpioEntry => ({ path, kind: 'file', mode: 0o644, contents })
const archive = writeCpio([
  module('lib/modules/6.12.1/kernel/virtio-blk.ko', tinyModule('6.12.1')),
  module('lib/modules/6.12.1/kernel/overlay.ko.zst', zstdCompressSync(tinyModule('6.12.1'))),
  module('lib/modules/6.12.1/kernel/squashfs.ko.xz', Buffer.from('packed')),
  module('lib/modules/6.12.1/modules.dep', Buffer.from('kernel/virtio-blk.ko:\n')),
])

test('modules are found by the kernel’s name for them, with the release that they are for where it can be read', () => {
  expect(modulesOf(archive)?.map(({ name, release }) => ({ name, release }))).toEqual([
    { name: 'overlay', release: '6.12.1' },
    { name: 'squashfs', release: undefined },
    { name: 'virtio_blk', release: '6.12.1' },
  ])
})

test('archives behind one another are read as one, as the kernel does', () => {
  const second = writeCpio([module('ext4.ko', tinyModule('6.12.2'))])
  expect(modulesOf(Buffer.concat([archive, Buffer.alloc(512), second]))?.at(-1)).toEqual({
    name: 'ext4',
    path: '/ext4.ko',
    release: '6.12.2',
  })
})

test('where something else follows, or an archive is cut off, the modules are not known', () => {
  expect(modulesOf(Buffer.concat([archive, Buffer.from([0x1f, 0x8b, 8, 0])]))).toBeUndefined()
  fc.assert(
    fc.property(fc.integer({ min: 1, max: archive.length - 200 }), (length) => {
      const found = modulesOf(archive.subarray(0, length))
      expect(found === undefined || found.length <= 3).toBe(true)
    }),
  )
  expect(modulesOf(archive.subarray(0, 300))).toBeUndefined()
})
