import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cached, cacheKey, cacheRoot } from './cache.ts'
import { evictOldest, listEntries } from './cache-kinds.ts'
import { keysInUse, markUsed } from './in-use.ts'

let folder: string
const before = process.env.XDG_CACHE_HOME
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cache-'))
  process.env.XDG_CACHE_HOME = folder
})
afterEach(async () => {
  if (before === undefined) delete process.env.XDG_CACHE_HOME
  else process.env.XDG_CACHE_HOME = before
  await rm(folder, { recursive: true })
})

const write = (content: string) => (entry: string) => writeFile(join(entry, 'content'), content)
const read = (entry: string) => readFile(join(entry, 'content'), 'utf8')

test('an entry is made once and then found', async () => {
  const first = await cached('probe', cacheKey('a'), write('first'))
  expect(await read(await cached('probe', cacheKey('a'), write('second')))).toBe('first')
  expect(await read(first)).toBe('first')
})

test.each([[], ['probe']])(
  'a folder of it (%s) that others may write to is refused, with the remedy',
  async (...parts) => {
    await cached('probe', cacheKey('a'), write('first'))
    const path = join(cacheRoot(), ...parts)
    await chmod(path, 0o775)
    await expect(cached('probe', cacheKey('a'), write('second'))).rejects.toMatchObject({
      name: 'EnvironmentFault',
      message: `${path} may be written to by others (mode 775); what the cache holds is booted. Remedy: "chmod go-w ${path}" where it is yours, or XDG_CACHE_HOME set to a folder of your own.`,
    })
  },
)

test('force makes it anew', async () => {
  await cached('probe', cacheKey('a'), write('first'))
  expect(await read(await cached('probe', cacheKey('a'), write('second'), { force: true }))).toBe('second')
})

test('who asks at the same time waits for the one who makes it', async () => {
  let made = 0
  const make = async (entry: string) => {
    made++
    await new Promise((resolve) => setTimeout(resolve, 50))
    await write('one')(entry)
  }
  const entries = await Promise.all([1, 2, 3].map(() => cached('probe', cacheKey('a'), make)))
  expect([made, new Set(entries).size]).toEqual([1, 1])
})

test('a making that fails leaves nothing behind', async () => {
  const failing = async (entry: string) => {
    await write('half')(entry)
    throw new Error('no space')
  }
  await expect(cached('probe', cacheKey('a'), failing)).rejects.toThrow('no space')
  const left = (await readdir(join(cacheRoot(), 'probe'))).filter((name) => name !== '.in-use')
  expect(left).toEqual([])
})

test('what a killed run had begun to make is removed by the next', async () => {
  const begun = join(cacheRoot(), 'probe', `.making-${process.pid}-1.abc`)
  await mkdir(begun, { recursive: true })
  await cached('probe', cacheKey('a'), write('whole'))
  expect(existsSync(begun)).toBe(false)
})

test('inputs that only run together alike are different keys', () => {
  expect(cacheKey('ab', 'c')).not.toBe(cacheKey('a', 'bc'))
})

async function folderOf(names: readonly string[]): Promise<string> {
  const kindFolder = join(folder, 'kind')
  for (const [index, name] of names.entries()) {
    const entry = join(kindFolder, cacheKey(name))
    await mkdir(entry, { recursive: true })
    await writeFile(join(entry, 'content'), Buffer.alloc(1024 * 1024, name))
    const used = new Date(2026, 0, 1 + index)
    await utimes(entry, used, used)
  }
  return kindFolder
}

test('a kind over its limit loses what was not used for longest', async () => {
  const kindFolder = await folderOf(['old', 'middle', 'new'])
  await evictOldest(kindFolder, 2.5 * 1024 * 1024)
  expect((await listEntries(kindFolder)).map(({ key }) => key)).toEqual([cacheKey('new'), cacheKey('middle')])
})

test('what a living process uses is not evicted, however old', async () => {
  const kindFolder = await folderOf(['old', 'middle', 'new'])
  await markUsed(kindFolder, cacheKey('old'))
  await evictOldest(kindFolder, 1.5 * 1024 * 1024)
  expect((await listEntries(kindFolder)).map(({ key }) => key)).toEqual([cacheKey('old')])
})

test('the mark of a dead process protects nothing and is removed', async () => {
  const kindFolder = await folderOf(['old'])
  await markUsed(kindFolder, cacheKey('old'))
  const marks = join(kindFolder, '.in-use')
  await rm(marks, { recursive: true })
  await mkdir(marks)
  await writeFile(join(marks, `${cacheKey('old')}.${process.pid}-1`), '')
  expect(await keysInUse(kindFolder)).toEqual(new Set())
  expect(existsSync(join(marks, `${cacheKey('old')}.${process.pid}-1`))).toBe(false)
})

test('a sparse file counts for what it takes on disk', async () => {
  const kindFolder = await folderOf(['sparse'])
  await truncate(join(kindFolder, cacheKey('sparse'), 'content'), 1024 ** 3)
  expect((await listEntries(kindFolder))[0]?.sizeBytes).toBeLessThan(2 * 1024 * 1024)
})
