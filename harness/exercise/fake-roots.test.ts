import { chmod, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runTool } from '../process/run-tool.ts'
import { type FakeRootName, listStore, makeTravelledDisk, tarFault, unpackUnder } from './fake-roots.ts'

let folder: string
let archive: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fake-roots-'))
  archive = join(folder, 'store.tar')
})
afterEach(() => rm(folder, { recursive: true }))

/** Packs files whose owners and modes only root, or who believes to be root, can restore. */
async function packSpecialFiles(names: '*' | '.' = '*'): Promise<void> {
  const files = join(folder, 'files')
  await mkdir(files)
  const script = `printf text >owned; chmod 4755 owned; mkdir -m 1777 sticky; mkfifo -m 600 fifo; ln -s owned link
: >closed; chmod 0 closed; tar -cf ${archive} --numeric-owner --owner=7 --group=8 ${names}`
  const { exitCode } = await runTool('sh', ['-c', script], { timeoutMs: 10_000, cwd: files })
  expect(exitCode).toBe(0)
}

const kept = [
  '1180 7 8 ./fifo',
  '43ff 7 8 ./sticky',
  '8000 7 8 ./closed',
  '89ed 7 8 ./owned',
  'a1ff 7 8 ./link -> owned',
  '982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1  ./owned',
].sort()

describe.each(['fakeroot', 'pseudo'] as FakeRootName[])('under %s', (name) => {
  test('owners, modes, kinds and contents are as in the archive', async () => {
    await packSpecialFiles()
    const { listing } = await unpackUnder(name, archive, folder)
    expect(listing.filter((line) => !line.endsWith('./closed') || line.startsWith('8000'))).toEqual(kept)
  })

  test('an archive that is none is the image’s fault, with the words of tar', async () => {
    await writeFile(archive, 'no archive')
    await expect(unpackUnder(name, archive, folder)).rejects.toMatchObject({
      name: 'GuestFault',
      message: expect.stringContaining(`under ${name}: tar:`),
    })
  })

  // Who is not root acts as themselves, and gets through.
  test.runIf(process.getuid?.() === 0)('a folder that it cannot enter is the surroundings’ fault', async () => {
    const closed = join(folder, 'closed')
    await mkdir(join(closed, 'inner'), { recursive: true })
    await chmod(closed, 0o700)
    await packSpecialFiles()
    await expect(unpackUnder(name, archive, join(closed, 'inner'))).rejects.toMatchObject({
      name: 'EnvironmentFault',
      message: expect.stringContaining(`cannot write in ${join(closed, 'inner', name)}/`),
    })
  })
})

test('a store that travels to a state disk has lost its owners and the first component of its names, and nothing else', async () => {
  await packSpecialFiles('.')
  const disk = await makeTravelledDisk('pseudo', archive, folder)
  const { stdout } = await runTool('/sbin/debugfs', ['-R', 'ls -l /', disk], { timeoutMs: 10_000 })
  const owned = /^ *\d+ +(\d+) \(\d+\) +(\d+) +(\d+) .* owned *$/m.exec(stdout.toString())
  expect(owned?.slice(1), 'mode, user and group').toEqual(['104755', '0', '0'])
})

test('an archive that was cut is told, wherever it ends', async () => {
  await packSpecialFiles()
  expect(await tarFault(archive)).toBe('')
  // Inside the text of `owned`, inside a header, and between two entries.
  for (const sizeBytes of [2300, 2048 - 100, 1024]) {
    await truncate(archive, sizeBytes)
    expect(await tarFault(archive), `of ${sizeBytes} bytes`).not.toBe('')
  }
})

test('a listing that was not written is empty, and quotes of stat do not count', async () => {
  expect(await listStore(join(folder, 'none'))).toEqual([])
  await writeFile(join(folder, 'list'), "a1ff 0 0 './b' -> 'c'\n81a4 0 0 ./a\n")
  expect(await listStore(join(folder, 'list'))).toEqual(['81a4 0 0 ./a', 'a1ff 0 0 ./b -> c'])
})
