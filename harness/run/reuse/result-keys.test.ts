import { readFileSync } from 'node:fs'
import { beforeEach, expect, test, vi } from 'vitest'
import { requirementOf } from '../../../suites/requirements.ts'
import { ResultKeys } from './result-keys.ts'

/** What stands in place of a file's text, by the end of its path. */
const changed = new Map<string, (text: string) => string>()

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  const readText = (path: string, encoding: 'utf8') => {
    const text = fs.readFileSync(path, encoding)
    const change = [...changed].find(([end]) => String(path).endsWith(end))?.[1]
    return change ? change(text) : text
  }
  return { ...fs, readFileSync: readText }
})

beforeEach(() => changed.clear())

const ids = ['INF-001', 'INF-008', 'RUN-011', 'DMN-001']
const keys = (context = 'image') => {
  const ofResults = new ResultKeys(context)
  return ids.map((id) => ofResults.of(requirementOf(id)))
}
/** Which of the requirements get another key by a change of a file. */
function movedBy(path: string, change: (text: string) => string): string[] {
  const before = keys()
  changed.set(path, change)
  expect(readFileSync(path, 'utf8')).not.toBe('')
  const after = keys()
  return ids.filter((_, index) => before[index] !== after[index])
}

test('the same conditions give the same keys, and another image gives others', () => {
  const first = keys()
  expect(keys()).toEqual(first)
  expect(keys('another').filter((key) => first.includes(key))).toEqual([])
})

test('a changed test is asked again alone', () => {
  expect(movedBy('suites/podman/info.test.ts', (text) => text.replace("toBe('vfs')", "toBe('overlay')"))).toEqual([
    'INF-001',
  ])
})

test('what the tests of a file share is of all of them', () => {
  const change = (text: string) => text.replace("'info', '--format'", "'info', '--debug', '--format'")
  expect(movedBy('suites/podman/info.test.ts', change)).toEqual(['INF-001', 'INF-008'])
})

test('a module that tests load is of those that load it', () => {
  expect(movedBy('suites/podman/alpine-run.ts', (text) => `${text}\n`)).toEqual(['RUN-011'])
})

test('what makes and talks to guests is of all', () => {
  expect(movedBy('harness/guest/guest-agent.ts', (text) => `${text}\n`)).toEqual(ids)
})

test('the rows of others are of nobody else', () => {
  expect(movedBy('suites/podman/requirements/info.ts', (text) => `${text}\n`)).toEqual([])
  const row = requirementOf('INF-001')
  expect(new ResultKeys('image').of({ ...row, severity: 'info' })).not.toBe(new ResultKeys('image').of(row))
})
