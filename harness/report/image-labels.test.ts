import { expect, test } from 'vitest'
import type { ArchitectureName } from '../model/architecture.ts'
import { imageLabels, imagePlaces } from './image-labels.ts'

const images = (...files: string[]) =>
  files.map((file) => ({ file, arch: (file.includes('aarch64') ? 'aarch64' : 'x86_64') as ArchitectureName }))

const fleet = images(
  '/w/images/vpdmn/podman-5.4/x86_64/rootfs.img',
  '/w/images/vpdmn/podman-5.8/x86_64/rootfs.img',
  '/w/images/vpdmn/podman-5.8/aarch64/rootfs.img',
)

test.each([
  [
    'one image, and two of different architectures, by those',
    images('/a/x86_64/r.img', '/a/aarch64/r.img'),
    ['x86_64', 'aarch64'],
  ],
  ['images of one architecture by their names', images('/a/old.img', '/b/new.img'), ['old.img', 'new.img']],
  [
    'images of one name by what differs in their paths',
    fleet,
    ['podman-5.4/x86_64', 'podman-5.8/x86_64', 'podman-5.8/aarch64'],
  ],
  ['paths of which one begins the other by their numbers', images('/a/r.img', '/a/b/r.img'), ['image 1', 'image 2']],
  ['one path twice by the numbers', images('/a/r.img', '/a/r.img'), ['image 1', 'image 2']],
])('%s', (_, named, labels) => expect(imageLabels(named)).toEqual(labels))

test('beside its architecture an image is called by file and folder, as long as that tells them apart', () => {
  expect(imagePlaces(images('/a/x86_64/r.img', '/a/aarch64/r.img'))).toEqual(['x86_64/r.img', 'aarch64/r.img'])
  expect(imagePlaces(fleet)).toEqual(['podman-5.4/x86_64', 'podman-5.8/x86_64', 'podman-5.8/aarch64'])
  expect(imagePlaces(images('/a/b/r.img', '/a/b/r.img'))).toEqual(['/a/b/r.img', '/a/b/r.img'])
})
