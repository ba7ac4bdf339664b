import { chmod, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { requireTool } from '../platform/process/run-tool.ts'
import { packSquashfs } from './squashfs.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'squashfs-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function makeTree(name: string, timeSeconds: number): Promise<string> {
  const tree = join(folder, name)
  await mkdir(join(tree, 'usr/bin'), { recursive: true })
  await writeFile(join(tree, 'usr/bin/tool'), 'x'.repeat(300_000))
  await chmod(join(tree, 'usr/bin/tool'), 0o755)
  await symlink('usr/bin', join(tree, 'bin'))
  await utimes(join(tree, 'usr/bin/tool'), timeSeconds, timeSeconds)
  return tree
}

test('trees of equal contents give equal bytes, whenever they were made', async () => {
  const images = await Promise.all(
    [1_000_000, 1_700_000_000].map(async (time) => {
      const image = join(folder, `${time}.squashfs`)
      await packSquashfs(await makeTree(String(time), time), image, 1_600_000_000)
      return readFile(image)
    }),
  )
  expect(images[0]?.equals(images[1] as Buffer)).toBe(true)
})

test('everything is of root and of the given time', async () => {
  const image = join(folder, 'image.squashfs')
  await packSquashfs(await makeTree('tree', 1_700_000_000), image, 1_600_000_000)
  const { stdout } = await requireTool('unsquashfs', ['-UTC', '-lln', image], { timeoutMs: 10_000 })
  const lines = stdout
    .toString()
    .split('\n')
    .filter((line) => line.includes('squashfs-root'))
  expect(lines.length).toBeGreaterThan(3)
  for (const line of lines) expect(line).toMatch(/ 0\/0 .* 2020-09-13 12:26 /)
})
