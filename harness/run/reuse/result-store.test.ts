import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ResultStore } from './result-store.ts'
import { type StoredResult, storedText } from './stored-result.ts'

let folder: string
let store: ResultStore
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'result-store-'))
  store = new ResultStore(join(folder, 'context'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const now = Date.parse('2026-11-28T09:00:00Z')
const day = 86_400_000
const result = (changed: Partial<StoredResult> = {}): StoredResult => ({
  ...{ id: 'DMN-001', key: 'key', foundAt: new Date(now - day).toISOString(), durationMs: 5 },
  ...changed,
})
const path = () => join(folder, 'context', 'DMN-001.json')

test('a kept result is found under its key, and under no other', () => {
  expect(store.look('DMN-001', 'key', now)).toBe('none')
  store.keep(result())
  expect(store.look('DMN-001', 'key', now)).toEqual({ found: result() })
  expect(store.look('DMN-001', 'another', now)).toBe('none')
})

test('a later one takes its place, and nothing else is left', () => {
  store.keep(result())
  store.keep(result({ key: 'later' }))
  expect(store.look('DMN-001', 'later', now)).toMatchObject({ found: { key: 'later' } })
  expect(readdirSync(join(folder, 'context'))).toEqual(['DMN-001.json'])
})

test('one that is too old is asked again; one from the future is not believed', () => {
  store.keep(result({ foundAt: new Date(now - 31 * day).toISOString() }))
  expect(store.look('DMN-001', 'key', now)).toBe('none')
  store.keep(result({ foundAt: new Date(now + day).toISOString() }))
  expect(store.look('DMN-001', 'key', now)).toBe('damaged')
  store.keep(result({ foundAt: 'yesterday' }))
  expect(store.look('DMN-001', 'key', now)).toBe('damaged')
})

test('what is not as it was written is not believed: changed, moved, empty, a link or a folder', () => {
  mkdirSync(join(folder, 'context'))
  const put = (content: string) => {
    rmSync(path(), { force: true, recursive: true })
    writeFileSync(path(), content)
  }
  put(storedText(result()).replace('"durationMs":5', '"durationMs":6'))
  expect(store.look('DMN-001', 'key', now)).toBe('damaged')
  put(storedText(result({ id: 'DMN-002' })))
  expect(store.look('DMN-001', 'key', now)).toBe('damaged')
  put('')
  expect(store.look('DMN-001', 'key', now)).toBe('damaged')
  rmSync(path())
  writeFileSync(join(folder, 'other'), storedText(result()))
  symlinkSync(join(folder, 'other'), path())
  expect(store.look('DMN-001', 'key', now)).toBe('damaged')
  rmSync(path())
  mkdirSync(path())
  expect(store.look('DMN-001', 'key', now)).toBe('damaged')
})
