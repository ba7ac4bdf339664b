import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listingLines, listStore, storeDifferences } from './store-listing.ts'

let share: string
beforeEach(async () => {
  share = await mkdtemp(join(tmpdir(), 'store-listing-'))
})
afterEach(() => rm(share, { recursive: true }))

const listing = (lines: readonly string[], called = 'here') => ({ called, lines })

test('a listing that was not written is empty, and quotes of stat do not count', async () => {
  expect(await listStore({ share, name: 'none' })).toEqual([])
  await writeFile(join(share, 'list'), "a1ff 0 0 './b' -> 'c'\n81a4 0 0 ./a\n")
  expect(await listStore({ share, name: 'list' })).toEqual(['81a4 0 0 ./a', 'a1ff 0 0 ./b -> c'])
})

test('a listing that is a link to a file of the host is the image’s fault', async () => {
  await symlink('/etc/passwd', join(share, 'list'))
  await expect(listStore({ share, name: 'list' })).rejects.toMatchObject({ name: 'GuestFault' })
})

test('a listing of too many lines is the image’s fault', () => {
  expect(() => listingLines(Buffer.alloc(300_000, 'a\n'))).toThrow(
    'The listing of the store has 150000 lines; at most 100000 are read.',
  )
})

test('listings that differ are told line by line, with the side', () => {
  expect(storeDifferences(listing(['a', 'b', 'b']), listing(['b', 'c'], 'there'))).toEqual({
    count: 2,
    shown: ['here: a', 'there: c'],
  })
  expect(storeDifferences(listing(['a']), listing(['a'], 'there'))).toEqual({ count: 0, shown: [] })
})

test('listings of which everything differs are compared at once, and told in part', () => {
  const lines = (mark: string) => Array.from({ length: 100_000 }, (_, index) => `${mark}${index} ${'x'.repeat(500)}`)
  const [a, b] = [listing(lines('a')), listing(lines('b'), 'there')]
  const startedMs = performance.now()
  const { count, shown } = storeDifferences(a, b)
  expect(performance.now() - startedMs).toBeLessThan(20_000)
  expect([count, shown.length]).toEqual([200_000, 200])
  expect(Math.max(...shown.map((line) => line.length))).toBeLessThan(500)
})
