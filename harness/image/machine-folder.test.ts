import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { rawSquashfs } from '../../fixtures/static/raw-squashfs.ts'
import { findImages } from './find-images.ts'

const root = mkdtempSync(join(tmpdir(), 'machine-folder-'))
afterAll(() => rmSync(root, { recursive: true }))

const [one, two] = [
  rawSquashfs([{ type: 'folder', names: [] }]),
  rawSquashfs([{ type: 'folder', names: [{ name: 'a', inode: 1 }] }, { type: 'file' }]),
]
const image = 'vpdmn-rootfs-image-qemux86-64.rootfs.squashfs'
const dated = 'vpdmn-rootfs-image-qemux86-64.rootfs-20261127120000.squashfs'
let top: string
let machine: string
let folders = 0

/** As bitbake deploys: links to dated files, and copies of all three for runners. */
beforeEach(() => {
  top = join(root, `build-${folders++}`)
  machine = join(top, 'tmp-vruntime-x86-64/deploy/images/qemux86-64')
  mkdirSync(join(machine, 'vpdmn/x86_64'), { recursive: true })
  writeFileSync(join(machine, dated), one)
  symlinkSync(dated, join(machine, image))
  writeFileSync(join(machine, 'bzImage-6.12-qemux86-64-20261127.bin'), 'kernel')
  symlinkSync('bzImage-6.12-qemux86-64-20261127.bin', join(machine, 'bzImage-qemux86-64.bin'))
  symlinkSync('bzImage-6.12-qemux86-64-20261127.bin', join(machine, 'bzImage'))
  writeFileSync(join(machine, 'vpdmn-tiny-initramfs-image-qemux86-64-20261127120000.cpio.gz'), 'initramfs')
  symlinkSync(
    'vpdmn-tiny-initramfs-image-qemux86-64-20261127120000.cpio.gz',
    join(machine, 'vpdmn-tiny-initramfs-image-qemux86-64.cpio.gz'),
  )
  for (const [from, to] of copies) cpSync(join(machine, from), join(machine, 'vpdmn/x86_64', to), { dereference: true })
})
const copies = [
  [dated, 'rootfs.img'],
  ['bzImage-6.12-qemux86-64-20261127.bin', 'bzImage'],
  ['vpdmn-tiny-initramfs-image-qemux86-64-20261127120000.cpio.gz', 'initramfs.cpio.gz'],
] as const

const relative = (path: string | undefined) => path?.slice(machine.length + 1)
async function found(...paths: string[]) {
  const images = await findImages(paths)
  return images.map(({ image: { path, deployment }, bootFiles }) => ({
    path: relative(path),
    kernel: relative(bootFiles?.kernel),
    initramfs: relative(bootFiles?.initramfs),
    stale: deployment?.stale,
  }))
}

const beside = {
  kernel: 'bzImage-qemux86-64.bin',
  initramfs: 'vpdmn-tiny-initramfs-image-qemux86-64.cpio.gz',
  stale: [],
}
const inCopy = { kernel: 'vpdmn/x86_64/bzImage', initramfs: 'vpdmn/x86_64/initramfs.cpio.gz' }

describe('what bitbake deployed is one image with kernel and initramfs', () => {
  test.each([
    ['the build folder', ''],
    ['TMPDIR', 'tmp-vruntime-x86-64'],
    ['DEPLOY_DIR', 'tmp-vruntime-x86-64/deploy'],
    ['the folder of images', 'tmp-vruntime-x86-64/deploy/images'],
    ['the folder of the machine', 'tmp-vruntime-x86-64/deploy/images/qemux86-64'],
  ])('in %s', async (_, folder) => {
    expect(await found(join(top, folder))).toEqual([{ path: image, ...beside }])
  })

  test.each([image, dated])('by the name of %s', async (name) => {
    expect(await found(join(machine, name))).toEqual([{ path: name, ...beside }])
  })

  test.each(['vpdmn', 'vpdmn/x86_64', 'vpdmn/x86_64/rootfs.img'])('as the copy in %s', async (name) => {
    expect(await found(join(machine, name))).toEqual([{ path: 'vpdmn/x86_64/rootfs.img', ...inCopy, stale: [] }])
  })

  test('by a link from elsewhere', async () => {
    symlinkSync(join(machine, image), join(top, 'link.squashfs'))
    expect((await found(join(top, 'link.squashfs')))[0]).toMatchObject({
      initramfs: expect.stringMatching(/cpio\.gz$/),
    })
  })

  test('in a folder that no machine names', async () => {
    const moved = join(top, 'elsewhere')
    cpSync(machine, moved, { recursive: true, verbatimSymlinks: true })
    expect((await findImages([moved])).map(({ image: { path } }) => path)).toEqual([join(moved, image)])
  })

  test('and not that of a recipe derived from it, nor the loose files around it', async () => {
    writeFileSync(join(machine, 'vpdmn-rootfs-image-dev-qemux86-64.rootfs.squashfs'), two)
    expect(await found(machine)).toHaveLength(1)
  })
})

test('an image of a derived recipe has the same kernel and initramfs, and says nothing of the copy', async () => {
  const name = 'my-image-qemux86-64.rootfs.squashfs'
  writeFileSync(join(machine, name), two)
  expect(await found(join(machine, name))).toEqual([{ path: name, ...beside, stale: undefined }])
})

test('of a machine for which both engines were built, each engine has its image with its own copy', async () => {
  const ofDocker = 'vdkr-rootfs-image-qemux86-64.rootfs.squashfs'
  writeFileSync(join(machine, ofDocker), two)
  mkdirSync(join(machine, 'vdkr/x86_64'), { recursive: true })
  writeFileSync(join(machine, 'vdkr/x86_64/rootfs.img'), two)
  expect(await found(top)).toEqual([
    { path: image, ...beside },
    { path: ofDocker, ...beside },
  ])
  expect((await found(join(machine, 'vdkr')))[0]).toMatchObject({ path: 'vdkr/x86_64/rootfs.img', stale: [] })
})

describe('where only a derived recipe was built, its image', () => {
  const name = 'my-image-qemux86-64.rootfs.squashfs'
  const built = 'my-image-qemux86-64.rootfs-20261127130000.squashfs'
  beforeEach(() => {
    rmSync(join(machine, 'vpdmn'), { recursive: true })
    for (const path of [image, dated]) unlinkSync(join(machine, path))
    writeFileSync(join(machine, built), two)
    symlinkSync(built, join(machine, name))
  })

  test.each(['', 'tmp-vruntime-x86-64', 'tmp-vruntime-x86-64/deploy/images/qemux86-64'])(
    'is found from "%s", and not what an earlier build left',
    async (folder) => {
      writeFileSync(join(machine, 'my-image-qemux86-64.rootfs-20261126130000.squashfs'), one)
      expect(await found(join(top, folder))).toEqual([{ path: name, ...beside, stale: undefined }])
    },
  )

  test('that a build has taken away is a fault of the environment', async () => {
    unlinkSync(join(machine, built))
    await expect(findImages([top])).rejects.toMatchObject({ name: 'EnvironmentFault' })
  })
})

describe('a copy that is not what was built last', () => {
  test('is the image that is judged, and what is older in it is said', async () => {
    writeFileSync(join(machine, dated), two)
    utimesSync(join(machine, 'vpdmn/x86_64/rootfs.img'), 1e9, 1e9)
    const stale = [
      expect.stringMatching(
        `^vpdmn/x86_64/rootfs.img \\(of 2001-09-09T01:46:40\\) is not ${image.replaceAll('.', '\\.')}`,
      ),
    ]
    expect(await found(top)).toEqual([{ path: 'vpdmn/x86_64/rootfs.img', ...inCopy, stale }])
    expect((await found(join(machine, image)))[0]?.stale).toEqual(stale)
  })

  test('is so by its kernel alone', async () => {
    writeFileSync(join(machine, 'bzImage-6.12-qemux86-64-20261127.bin'), 'newer!')
    expect((await found(top))[0]?.stale).toEqual([expect.stringContaining('vpdmn/x86_64/bzImage')])
  })

  test('is judged where a failed build has taken the image away', async () => {
    unlinkSync(join(machine, image))
    expect((await found(top))[0]).toMatchObject({
      path: 'vpdmn/x86_64/rootfs.img',
      stale: [expect.stringContaining('is all that is left')],
    })
  })
})

test('a link whose file a build has taken away is a fault of the environment, in a sentence', async () => {
  unlinkSync(join(machine, dated))
  await expect(findImages([top])).rejects.toMatchObject({
    name: 'EnvironmentFault',
    message: expect.stringMatching(/points to a file that no longer exists: .* Wait for it to end, or build again\.$/),
  })
})

test('a file that vanishes while it is read is one too', async () => {
  const finding = findImages([machine])
  for (const name of readdirSync(machine)) if (name.endsWith('.squashfs')) unlinkSync(join(machine, name))
  await expect(finding).rejects.toMatchObject({
    name: 'EnvironmentFault',
    message: expect.stringContaining('disappeared'),
  })
})

test('Yocto’s bill of materials belongs to the image beside it and to a copy that equals it', async () => {
  const spdx = join(machine, image.replace('.squashfs', '.spdx.json'))
  writeFileSync(spdx, '{}')
  for (const path of [top, join(machine, 'vpdmn')])
    expect((await findImages([path]))[0]?.image.deployment?.spdx).toBe(spdx)
  writeFileSync(join(machine, dated), two)
  expect((await findImages([top]))[0]?.image.deployment?.spdx).toBeUndefined()
})
