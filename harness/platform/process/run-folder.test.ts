import { existsSync, statSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { Lifetime } from './lifetime.ts'
import { ensureRunFolder, openRunFolder, openScratchFolder } from './run-folder.ts'
import { requireTool } from './run-tool.ts'

test('a run removes the folders of runs that were killed and keeps those of living ones', async () => {
  const own = await ensureRunFolder()
  const dead = ['', '.scratch'].map((end) => join(dirname(own), `run-${process.pid}-1${end}`))
  for (const folder of dead) await mkdir(folder)
  expect(await ensureRunFolder()).toBe(own)
  expect([own, ...dead].map((folder) => existsSync(folder))).toEqual([true, false, false])
  await rm(own, { recursive: true })
})

test('with a run go its folder and those that its killed processes left', async () => {
  const lifetime = new Lifetime()
  const own = await openRunFolder(lifetime)
  const left = join(dirname(own), `run-${process.pid}-3.scratch`)
  await mkdir(left)
  const living = await openScratchFolder()
  await lifetime.end()
  expect([own, left, living].map((folder) => existsSync(folder))).toEqual([false, false, true])
  await rm(living, { recursive: true })
})

test('a run that is ended while it removes those of others makes no folder behind its end', async () => {
  const own = await ensureRunFolder()
  await rm(own, { recursive: true })
  await mkdir(join(dirname(own), `run-${process.pid}-4`))
  const lifetime = new Lifetime()
  // Whichever of the two is done first.
  const refused = expect(openRunFolder(lifetime)).rejects.toMatchObject({ code: 'E_INTERRUPTED' })
  await lifetime.end()
  await refused
  expect(existsSync(own)).toBe(false)
})

test('a killed run whose guest nested folders beyond the longest path does not keep others from starting', async () => {
  const own = await ensureRunFolder()
  const dead = join(dirname(own), `run-${process.pid}-2`)
  await mkdir(dead)
  const nesting = 'for i in $(seq 40); do mkdir $1; cd -P $1; done'
  await requireTool('sh', ['-c', nesting, 'sh', 'd'.repeat(250)], { timeoutMs: 30_000, cwd: dead })
  expect(await ensureRunFolder()).toBe(own)
  expect(existsSync(dead)).toBe(false)
  await rm(own, { recursive: true })
})

test('each user has runs of their own, to which those who act in a run by another name get through', async () => {
  const own = await ensureRunFolder()
  expect(basename(dirname(own))).toBe(`vpdmn-conformance-${userInfo().uid}`)
  expect(statSync(dirname(own)).mode & 0o777).toBe(0o711)
  await rm(own, { recursive: true })
})

test('a folder of runs that others may write to is refused, with the remedy', async () => {
  const before = process.env.TMPDIR
  const folder = await mkdtemp(join(tmpdir(), 'run-folder-'))
  process.env.TMPDIR = folder
  const root = join(folder, `vpdmn-conformance-${userInfo().uid}`)
  await mkdir(root)
  await chmod(root, 0o777)
  const refused = { name: 'EnvironmentFault', message: expect.stringMatching(/ set TMPDIR to a folder of your own\.$/) }
  await expect(ensureRunFolder()).rejects.toMatchObject(refused)
  await expect(openScratchFolder()).rejects.toMatchObject(refused)
  if (before === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = before
  await rm(folder, { recursive: true })
})

test('a scratch folder outlives the start of a run, and has a path that is short enough for a socket', async () => {
  const folder = await openScratchFolder()
  await ensureRunFolder()
  expect(existsSync(folder)).toBe(true)
  expect(join(folder, 'incoming').length - tmpdir().length).toBeLessThan(70)
  await rm(folder, { recursive: true })
})
