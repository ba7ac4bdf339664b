import { expect, test } from 'vitest'
import { billFileNames } from './bill-file-names.ts'

const named = (label: string, hash: string) => ({ label, image: { sha256: hash.repeat(64) } })
const filesOf = (...images: Parameters<typeof billFileNames>[0]) => [...billFileNames(images).values()]

test('a bill of materials has the name of its image', () => {
  expect(filesOf(named('my image.squashfs', 'a'), named('reference image x86_64', 'b'))).toEqual([
    'my-image.spdx.json',
    'reference-image-x86_64.spdx.json',
  ])
})

test('two images of one name are told apart by their hashes', () => {
  expect(filesOf(named('rootfs.img', 'a'), named('rootfs.img', 'b'))).toEqual([
    'rootfs-aaaaaaaaaaaa.spdx.json',
    'rootfs-bbbbbbbbbbbb.spdx.json',
  ])
})
