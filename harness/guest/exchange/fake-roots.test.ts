import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { type Header, pack } from 'tar-stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runTool } from '../../platform/process/run-tool.ts'
import { type FakeRootName, listTar, makeTravelledDisk, tarFault, tarListing, unpackUnder } from './fake-roots.ts'
import type { LeftFile } from './left-file.ts'

let folder: string
let archive: LeftFile
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fake-roots-'))
  archive = { share: folder, name: 'store.tar' }
})
afterEach(() => rm(folder, { recursive: true }))

/** Packs files whose owners and modes only root, or who believes to be root, can restore. */
async function packSpecialFiles(names: '*' | '.' = '*'): Promise<void> {
  const files = join(folder, 'files')
  await mkdir(files)
  const script = `printf text >owned; chmod 4755 owned; mkdir -m 1777 sticky; mkfifo -m 600 fifo; ln -s owned link
: >closed; chmod 0 closed; tar -cf ${join(folder, 'store.tar')} --numeric-owner --owner=7 --group=8 ${names}`
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
    await writeFile(join(folder, archive.name), 'no archive')
    await expect(unpackUnder(name, archive, folder)).rejects.toMatchObject({
      name: 'GuestFault',
      message: expect.stringContaining(`under ${name}: tar:`),
    })
  })

  // Who is not root acts as themselves, and gets through.
  test.runIf(process.getuid?.() === 0)('a folder that it cannot enter is the environment’s fault', async () => {
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
  const { stdout } = await runTool('debugfs', ['-R', 'ls -l /', disk], { timeoutMs: 10_000 })
  const owned = /^ *\d+ +(\d+) \(\d+\) +(\d+) +(\d+) .* owned *$/m.exec(stdout.toString())
  expect(owned?.slice(1), 'mode, user and group').toEqual(['104755', '0', '0'])
})

test('an archive that was cut is told, wherever it ends', async () => {
  await packSpecialFiles()
  expect(await tarFault(archive)).toBe('')
  // Inside the text of `owned`, inside a header, and between two entries.
  for (const sizeBytes of [2300, 2048 - 100, 1024]) {
    await truncate(join(folder, archive.name), sizeBytes)
    expect(await tarFault(archive), `of ${sizeBytes} bytes`).not.toBe('')
  }
})

type Entry = Pick<Header, 'name'> & Partial<Pick<Header, 'type' | 'linkname'>>

/** Writes an archive that no honest tar makes. */
async function writeArchive(entries: readonly Entry[], content = 'of the guest'): Promise<void> {
  await writeFile(join(folder, archive.name), await packed(entries, content))
}

async function packed(entries: readonly Entry[], content = ''): Promise<Buffer> {
  const stream = pack()
  for (const entry of entries) stream.entry(entry, entry.type === undefined ? content : '')
  stream.finalize()
  return buffer(stream)
}

describe.each(['fakeroot', 'pseudo'] as FakeRootName[])('an archive that means harm, under %s', (name) => {
  const secret = 'of the host, and nobody else’s'
  const digest = createHash('sha256').update(secret).digest('hex')
  beforeEach(async () => {
    await mkdir(join(folder, 'host'), { mode: 0o777 })
    await chmod(join(folder, 'host'), 0o777)
    await writeFile(join(folder, 'host', 'secret'), secret)
  })

  const host = () => join(folder, 'host')
  test.each<{ what: string; entries: () => Entry[] }>([
    { what: 'a link to a file', entries: () => [{ name: 'a', type: 'symlink', linkname: join(host(), 'secret') }] },
    { what: 'a second name of a file', entries: () => [{ name: 'a', type: 'link', linkname: join(host(), 'secret') }] },
    {
      what: 'a file behind a link',
      entries: () => [{ name: 'way', type: 'symlink', linkname: host() }, { name: 'way/new' }],
    },
    {
      what: 'a file behind a relative link',
      entries: () => [{ name: 'way', type: 'symlink', linkname: '../../host' }, { name: 'way/new' }],
    },
    {
      what: 'a second name behind a link',
      entries: () => [
        { name: 'way', type: 'symlink', linkname: host() },
        { name: 'a', type: 'link', linkname: 'way/secret' },
      ],
    },
    { what: 'a file with an absolute name', entries: () => [{ name: join(host(), 'new') }] },
    { what: 'a file above the folder', entries: () => [{ name: '../../host/new' }] },
  ])('$what neither shows a file of the host nor changes one', async ({ entries }) => {
    await writeArchive(entries())
    const told = await unpackUnder(name, archive, folder).then(({ listing }) => listing.join('\n'), String)
    expect(told).not.toContain(digest)
    expect(await readdir(host())).toEqual(['secret'])
    expect(await readFile(join(host(), 'secret'), 'utf8')).toBe(secret)
  })

  test('is told where a file in it grows longer than allowed, by holes', async () => {
    const files = join(folder, 'files')
    await mkdir(files)
    const script = `truncate -s 600M holes; tar -cSf ${join(folder, archive.name)} holes`
    expect((await runTool('sh', ['-c', script], { timeoutMs: 10_000, cwd: files })).exitCode).toBe(0)
    await expect(unpackUnder(name, archive, folder)).rejects.toThrow(/^tar cannot unpack the storage archive under /)
  })

  test('is not unpacked where it is compressed, whatever it would grow to', async () => {
    await writeFile(join(folder, archive.name), gzipSync(await packed([{ name: 'file' }])))
    await expect(unpackUnder(name, archive, folder)).rejects.toThrow(/Archive is compressed/)
  })

  test('is not unpacked where it is a link, or not there', async () => {
    await symlink(join(host(), 'secret'), join(folder, archive.name))
    await expect(unpackUnder(name, archive, folder)).rejects.toThrow(/^The guest left a symbolic link to /)
    await rm(join(folder, archive.name))
    await expect(unpackUnder(name, archive, folder)).rejects.toThrow('The guest left no "store.tar" on the share.')
  })
})

test('an archive that is longer than allowed is neither unpacked nor listed', async () => {
  await writeFile(join(folder, archive.name), '')
  await truncate(join(folder, archive.name), 2 ** 31)
  const told = 'The guest left "store.tar" on the share with 2147483648 bytes; at most 536870912 are read.'
  await expect(unpackUnder('fakeroot', archive, folder)).rejects.toThrow(told)
  await expect(listTar(archive)).rejects.toThrow(told)
})

test('an archive whose names alone take more than is read is told', async () => {
  const names = Array.from({ length: 1200 }, (_, index) => ({ name: `${index}/${'long/'.repeat(800)}` }))
  const told = 'The names in a tar archive of the guest take more than'
  await expect(tarListing(await packed(names))).rejects.toThrow(told)
})

test('an archive that is not there has no entries', async () => expect(await listTar(archive)).toEqual([]))
