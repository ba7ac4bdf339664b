import { chmod, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openOwnFolder } from './own-folder.mjs'
import { requireTool } from './run-tool.ts'

let outer: string
let folder: string
beforeEach(async () => {
  outer = await mkdtemp(join(tmpdir(), 'own-folder-'))
  folder = join(outer, 'new', 'folder')
})
afterEach(() => rm(outer, { recursive: true }))

const made = async (mode: number) => {
  await mkdir(folder, { recursive: true })
  await chmod(folder, mode)
}

test('a folder is made with all above it, and found again', async () => {
  for (const _ of ['made', 'found']) expect(openOwnFolder(folder, 0o711)).toBeUndefined()
  expect((await stat(folder)).mode & 0o777).toBe(0o711)
})

test('a folder of one’s own behind a link of one’s own is fine', async () => {
  await mkdir(join(outer, 'new'))
  await mkdir(join(outer, 'elsewhere'))
  await symlink(join(outer, 'elsewhere'), folder)
  expect(openOwnFolder(folder, 0o755)).toBeUndefined()
})

test.each([0o777, 0o1777, 0o775])('a folder of mode %o is refused', async (mode) => {
  await made(mode)
  expect(openOwnFolder(folder, 0o711)).toBe(`may be written to by others (mode ${mode.toString(8)})`)
})

test('a file, and a link to nothing, are refused', async () => {
  await mkdir(join(outer, 'new'))
  await symlink(join(outer, 'nowhere'), folder)
  expect(openOwnFolder(folder, 0o711)).toBe('is a link to nothing')
  await rm(folder)
  await writeFile(folder, '', { mode: 0o600 })
  expect(openOwnFolder(folder, 0o711)).toBe('is no folder')
})

test('a folder in one that anybody may change is refused', async () => {
  await made(0o700)
  await chmod(join(outer, 'new'), 0o777)
  expect(openOwnFolder(folder, 0o711)).toBe(`may be exchanged by anybody, as may all in ${join(outer, 'new')}`)
  await chmod(join(outer, 'new'), 0o1777)
  expect(openOwnFolder(folder, 0o711)).toBeUndefined()
})

// Only root gives files away.
test.runIf(process.geteuid?.() === 0)('what another made first is refused, a folder and a link', async () => {
  await made(0o755)
  const give = () => requireTool('chown', ['-h', '65534', folder], { timeoutMs: 10_000 })
  await give()
  expect(openOwnFolder(folder, 0o711)).toBe('belongs to user 65534, not to 0')
  await rm(folder, { recursive: true })
  await mkdir(join(outer, 'elsewhere'))
  await symlink(join(outer, 'elsewhere'), folder)
  await give()
  expect(openOwnFolder(folder, 0o711)).toBe('belongs to user 65534, not to 0')
})
