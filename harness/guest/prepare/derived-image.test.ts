import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { requireTool } from '../../platform/process/run-tool.ts'
import { deriveImage, moveInitAway, packFolder, removeProgram } from './derived-image.ts'

let folder: string
let tree: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'derived-image-'))
  tree = join(folder, 'tree')
  await mkdir(join(tree, 'usr', 'bin'), { recursive: true })
  await writeFile(join(tree, 'init'), 'init of the image\n')
  await writeFile(join(tree, 'usr', 'bin', 'podman'), 'podman\n')
})
afterEach(() => rm(folder, { recursive: true }))

const edited = async (...edits: Parameters<typeof deriveImage>[2]) =>
  namesIn(await deriveImage(await packFolder(tree, join(folder, 'image'), 'xz'), folder, edits))

async function namesIn(image: string): Promise<string[]> {
  const { stdout } = await requireTool('unsquashfs', ['-l', '-d', '', image], { timeoutMs: 30_000 })
  return stdout.toString().trim().split('\n')
}

test('podman is gone from the folder that a link leads to as well', async () => {
  await symlink('/usr/bin', join(tree, 'bin'))
  expect(await edited(removeProgram('podman'))).not.toContainEqual(expect.stringMatching(/podman$/))
})

test('init is at /sbin/init alone, whether or not the image had that folder', async () => {
  const names = await edited(moveInitAway)
  expect(names).toContain('/sbin/init')
  expect(names).not.toContain('/init')
})

test('a link of the image to the host does not lead an edit out of the tree', async () => {
  const host = join(folder, 'host')
  await mkdir(host)
  await writeFile(join(host, 'init'), 'the host’s\n')
  await symlink(host, join(tree, 'sbin'))
  expect(await edited(moveInitAway)).toContain('/sbin/init')
  expect(await readFile(join(host, 'init'), 'utf8')).toBe('the host’s\n')
})

test('a copy has the compression of the image, which the kernel at hand can mount', async () => {
  const derived = await deriveImage(await packFolder(tree, join(folder, 'image'), 'xz'), folder, [])
  const { stdout } = await requireTool('unsquashfs', ['-s', derived], { timeoutMs: 30_000 })
  expect(stdout.toString()).toMatch(/Compression xz/)
})

test('an image that unpacks to more than the bound is not unpacked', async () => {
  await truncate(join(tree, 'init'), 5 * 1024 ** 2)
  const image = await packFolder(tree, join(folder, 'image'))
  await expect(deriveImage(image, folder, [], 4)).rejects.toThrow(/unpacks to more than 4 MiB/)
  expect(existsSync(join(folder, 'derived-tree'))).toBe(false)
})
