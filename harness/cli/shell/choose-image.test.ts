import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tinyElf } from '../../../fixtures/static/tiny-elf.ts'
import { squashfsOf } from '../../../fixtures/static/tiny-image.ts'
import { program } from '../../../fixtures/static/tiny-tree.ts'
import { type ArchitectureName, architectureNames, architectures } from '../../model/architecture.ts'
import { CallFault } from '../../model/faults.ts'
import { chooseImage } from './choose-image.ts'

const folder = mkdtempSync(join(tmpdir(), 'choose-image-'))
afterAll(() => rmSync(folder, { recursive: true }))

const imageFor = (name: string, arch: ArchitectureName) => {
  const shell = program(tinyElf({ machine: architectures[arch].elfMachine }))
  return squashfsOf(join(folder, name), new Map([['/bin/sh', shell]]))
}

beforeAll(async () => {
  await imageFor('both/x86_64/rootfs.img', 'x86_64')
  await imageFor('both/aarch64/rootfs.img', 'aarch64')
  await imageFor('twice/a.squashfs', 'x86_64')
  await squashfsOf(join(folder, 'twice/b.squashfs'), new Map([['/bin/sh', program(tinyElf({ text: 'another' }))]]))
})

const chosen = async (path: string, wanted: readonly ArchitectureName[] = architectureNames) =>
  chooseImage({ images: [join(folder, path)], architectures: [...wanted] }, () => {})

test('an image is taken with its architecture, and a folder with --arch', async () => {
  expect(await chosen('both/aarch64/rootfs.img')).toMatchObject({ arch: 'aarch64' })
  expect((await chosen('both', ['x86_64'])).image.path).toBe(join(folder, 'both/x86_64/rootfs.img'))
})

test.each([
  ['both', 'both holds 2 images: name one of aarch64/rootfs.img, x86_64/rootfs.img, or add --arch.'],
  ['twice', 'twice holds 2 images: name one of a.squashfs, b.squashfs.'],
])('a folder of several is not guessed in: %s', async (path, sentence) => {
  await expect(chosen(path)).rejects.toThrow(new CallFault(join(folder, sentence)))
})

test('an image for another architecture than --arch says is refused', async () => {
  await expect(chosen('twice/a.squashfs', ['aarch64'])).rejects.toThrow(
    new CallFault('The image is for x86_64, but --arch asks for aarch64.'),
  )
})
