import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rawSquashfs } from '../../fixtures/static/raw-squashfs.ts'
import { findImages } from './find-images.ts'

const folder = mkdtempSync(join(tmpdir(), 'find-images-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Two images that differ. */
const [one, two] = [join(folder, 'one.squashfs'), join(folder, 'two.squashfs')]
beforeAll(() => {
  writeFileSync(one, rawSquashfs([{ type: 'folder', names: [] }]))
  writeFileSync(two, rawSquashfs([{ type: 'folder', names: [{ name: 'a', inode: 1 }] }, { type: 'file' }]))
})

let folders = 0
/** A new folder with files: images by their source, anything else by its text. */
function layout(files: Record<string, string>): string {
  const root = join(folder, `layout-${folders++}`)
  mkdirSync(root)
  for (const [name, source] of Object.entries(files)) {
    const path = join(root, name)
    mkdirSync(dirname(path), { recursive: true })
    if (source.endsWith('.squashfs')) copyFileSync(source, path)
    else writeFileSync(path, source)
  }
  return root
}

const found = async (...paths: string[]) =>
  (await findImages(paths)).map(({ image, bootFiles }) => ({ path: image.path, ...bootFiles }))

describe('findImages', () => {
  test('takes a file by any name', async () => {
    expect(await found(one)).toEqual([{ path: one }])
  })

  test('takes every squashfs of a folder, by its content and not its name', async () => {
    const root = layout({ 'a.img': one, 'b.bin': two, 'c.squashfs.txt': 'no image' })
    expect(await found(root)).toEqual([{ path: join(root, 'a.img') }, { path: join(root, 'b.bin') }])
  })

  test('takes a blob folder with kernel and initramfs of each architecture', async () => {
    const files = { 'x86_64/rootfs.img': one, 'x86_64/bzImage': 'k', 'x86_64/initramfs.cpio.gz': 'i' }
    const root = layout({ ...files, 'aarch64/rootfs.img': two, 'aarch64/Image': 'k', 'aarch64/initramfs.cpio.gz': 'i' })
    const at = (name: string) => join(root, name)
    expect(await found(root)).toEqual([
      { path: at('aarch64/rootfs.img'), kernel: at('aarch64/Image'), initramfs: at('aarch64/initramfs.cpio.gz') },
      { path: at('x86_64/rootfs.img'), kernel: at('x86_64/bzImage'), initramfs: at('x86_64/initramfs.cpio.gz') },
    ])
  })

  test('takes an SDK with the blobs of each engine', async () => {
    const files = { rootfs: 'rootfs.img', kernel: 'bzImage', initramfs: 'initramfs.cpio.gz' }
    const at = (name: string) => `vpdmn-blobs/x86_64/${name}`
    const blobs = { [at(files.rootfs)]: one, [at(files.kernel)]: 'k', [at(files.initramfs)]: 'i' }
    const root = layout({ ...blobs, 'vdkr-blobs/x86_64/rootfs.img': two, 'environment-setup': '' })
    expect(await found(root)).toEqual([
      {
        path: join(root, at(files.rootfs)),
        kernel: join(root, at(files.kernel)),
        initramfs: join(root, at(files.initramfs)),
      },
      { path: join(root, 'vdkr-blobs/x86_64/rootfs.img') },
    ])
  })

  test('takes the folder of one architecture, without boot files where one of them is missing', async () => {
    const root = layout({ 'rootfs.img': one, bzImage: 'k' })
    expect(await found(root)).toEqual([{ path: join(root, 'rootfs.img') }])
  })

  test("takes bitbake's deploy folder, and not the image of another recipe there", async () => {
    const deploy = 'tmp-vruntime-x86-64/deploy/images/qemux86-64'
    const root = layout({
      [`${deploy}/vpdmn-rootfs-image-qemux86-64.rootfs.squashfs`]: one,
      [`${deploy}/other-image-qemux86-64.rootfs.squashfs`]: two,
      [`${deploy}/bzImage`]: 'k',
      [`${deploy}/vpdmn-tiny-initramfs-image-qemux86-64.cpio.gz`]: 'i',
    })
    expect(await found(root)).toEqual([
      {
        path: join(root, deploy, 'vpdmn-rootfs-image-qemux86-64.rootfs.squashfs'),
        kernel: join(root, deploy, 'bzImage'),
        initramfs: join(root, deploy, 'vpdmn-tiny-initramfs-image-qemux86-64.cpio.gz'),
      },
    ])
  })

  test('takes an image once, though links and copies lead to it', async () => {
    const root = layout({ 'image-1.squashfs': one, 'copy.squashfs': one })
    symlinkSync('image-1.squashfs', join(root, 'image.squashfs'))
    expect(await found(root, one)).toHaveLength(1)
  })

  test.each([
    ['what does not exist', () => join(folder, 'none'), /does not exist\.$/],
    ['a folder without images', () => layout({ 'notes.txt': 'x' }), /holds no squashfs image/],
    ['an empty folder', () => layout({}), /holds no squashfs image/],
    ['a file that is none', () => join(layout({ 'notes.txt': 'x' }), 'notes.txt'), /is not a squashfs image\.$/],
    ['an empty file', () => join(layout({ 'image.squashfs': '' }), 'image.squashfs'), /image\.squashfs is empty: /],
    ['a device', () => '/dev/null', /is not a regular file\.$/],
  ])('refuses %s in a sentence', async (_, path, message) => {
    await expect(findImages([path()])).rejects.toMatchObject({
      name: 'CallFault',
      message: expect.stringMatching(message),
    })
  })

  test('refuses an image that is cut off', async () => {
    const path = join(layout({ 'cut.img': one }), 'cut.img')
    truncateSync(path, 100)
    await expect(findImages([path])).rejects.toThrow(
      /is truncated: its superblock counts \d+ bytes, the file has 100\.$/,
    )
  })
})
