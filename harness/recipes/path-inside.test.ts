import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { pathInside } from './path-inside.ts'

let tree: string
beforeEach(async () => {
  tree = await mkdtemp(join(tmpdir(), 'tree-'))
  await mkdir(join(tree, 'usr/bin'), { recursive: true })
  await writeFile(join(tree, 'usr/bin/busybox'), '')
  await symlink('usr/bin', join(tree, 'bin'))
  await symlink('/usr/bin/busybox', join(tree, 'usr/bin/sh'))
  await symlink('../../../../../../usr/bin/busybox', join(tree, 'usr/bin/climber'))
  await symlink('/etc/hostname', join(tree, 'usr/bin/outside'))
  await symlink('loop', join(tree, 'usr/bin/loop'))
})
afterEach(() => rm(tree, { recursive: true }))

test.each([
  ['through a linked folder and an absolute link', '/bin/sh', 'usr/bin/busybox'],
  ['no higher than the root', '/bin/climber', 'usr/bin/busybox'],
  ['a plain path', 'usr/bin/busybox', 'usr/bin/busybox'],
  ['not to a file of the host', '/bin/outside', undefined],
  ['not round a loop', '/bin/loop', undefined],
  ['not to what is missing', '/bin/dash', undefined],
])('resolves %s', async (_, path, expected) => {
  expect(await pathInside(tree, path)).toBe(expected)
})
