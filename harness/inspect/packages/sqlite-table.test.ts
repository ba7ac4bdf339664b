import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rpmDatabase, type TinyRpm } from '../../../fixtures/static/rpm-database.ts'
import { readRpmHeader } from './rpm-header.ts'
import { readSqliteTable } from './sqlite-table.ts'
import { UnreadableDatabase } from './unreadable-database.ts'

const none = Buffer.alloc(0)
const rowsOf = (content: Buffer, log: Buffer, table = 'Packages') => [...readSqliteTable(content, log, table)]
const namesOf = (content: Buffer, log: Buffer) =>
  rowsOf(content, log).map((row) => readRpmHeader(row[1] as Buffer).name)

/** From headers that fit a cell to some that fill many pages, enough of them for a tree of two levels. */
const packages = Array.from(
  { length: 60 },
  (_, index): TinyRpm => ({ name: `package-${index}`, version: '1', descriptionBytes: (index * 977) % 40_000 }),
)

describe('readSqliteTable', () => {
  test('gives every row in order, long ones whole', () => {
    const { content } = rpmDatabase(packages)
    const headers = rowsOf(content, none).map((row) => row[1] as Buffer)
    expect(headers.map((header) => readRpmHeader(header).name)).toEqual(packages.map(({ name }) => name))
    const descriptionBytes = headers.map((header) => header.filter((byte) => byte === 0x64).length)
    const expectedBytes = packages.map((each) => each.descriptionBytes)
    expect(descriptionBytes).toEqual(expectedBytes)
  })

  test('gives no row of a table that is empty or missing', () => {
    const { content } = rpmDatabase([])
    expect([rowsOf(content, none), rowsOf(content, none, 'Missing')]).toEqual([[], []])
  })

  test('sees what is only in the log, when it was committed and its checksums hold', () => {
    const { content, log } = rpmDatabase([{ name: 'old', version: '1' }], [{ name: 'new', version: '1' }])
    expect(namesOf(content, none)).toEqual(['old'])
    expect(namesOf(content, log)).toEqual(['old', 'new'])
    expect(namesOf(content, log.subarray(0, log.length - 1))).toEqual(['old'])
    const broken = Buffer.from(log)
    broken.writeUInt8(broken.readUInt8(log.length - 1) ^ 1, log.length - 1)
    expect(namesOf(content, broken)).toEqual(['old'])
  })

  test.each([
    ['what is no database', Buffer.from('RpmP'.repeat(40)), 'it is not an SQLite database'],
    ['a database that is cut off', rpmDatabase(packages).content.subarray(0, 9000), 'page \\d+ is not there'],
  ])('refuses %s', (_, content, message) => {
    expect(() => rowsOf(content, none)).toThrow(new RegExp(message))
  })

  test('of a damaged database gives rows or refuses, and always ends', () => {
    const { content, log } = rpmDatabase(packages.slice(0, 12), packages.slice(12, 16))
    const change = fc.tuple(fc.nat(content.length - 1), fc.integer({ min: 0, max: 255 }))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), fc.boolean(), (changes, withLog) => {
        const damaged = Buffer.from(content)
        for (const [at, byte] of changes) damaged.writeUInt8(byte, at)
        try {
          for (const row of readSqliteTable(damaged, withLog ? log : none, 'Packages'))
            if (Buffer.isBuffer(row[1])) readRpmHeader(row[1])
        } catch (error) {
          if (!(error instanceof UnreadableDatabase)) throw error
        }
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    ['a page that is its own child', 0x05],
    ['a page of another kind', 0x02],
  ])('refuses %s', (_, kind) => {
    const { content } = rpmDatabase(packages)
    const changed = Buffer.from(content)
    const schemaPageKind = 100
    changed.writeUInt8(kind, schemaPageKind)
    changed.writeUInt16BE(0, schemaPageKind + 3)
    changed.writeUInt32BE(1, schemaPageKind + 8)
    expect(() => rowsOf(changed, none)).toThrow(UnreadableDatabase)
  })
})
