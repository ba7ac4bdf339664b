import { execFile } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { CallFault, EnvironmentFault } from '../../model/faults.ts'
import { appendHistory, readHistory } from './history-file.ts'
import type { HistoryRecord } from './record.ts'
import { seriesOf } from './series.ts'

const folder = mkdtempSync(join(tmpdir(), 'history-'))
afterAll(() => rmSync(folder, { recursive: true }))
const fresh = () => join(folder, `${Math.random()}`, 'history.ndjson')
const record = (run: string, value = 1): HistoryRecord => ({
  ...{ schemaVersion: 1, at: '2026-01-01T00:00:00.000Z', run, arch: 'x86_64', sha256: 'a', sizeBytes: 1 },
  metrics: [{ name: 'boot_ms', unit: 'ms', tier: 2, samples: [value, value] }],
})

test('records are appended, and what was there stays as it was', async () => {
  const path = fresh()
  expect(await readHistory(path)).toEqual({ records: [], damagedLines: [] })
  await appendHistory(path, [record('one')])
  const before = readFileSync(path, 'utf8')
  await appendHistory(path, [record('two'), record('three')])
  expect(readFileSync(path, 'utf8').startsWith(before)).toBe(true)
  expect((await readHistory(path)).records.map(({ run }) => run)).toEqual(['one', 'two', 'three'])
})

test('writers in several processes lose nothing and mix no lines', async () => {
  const path = fresh()
  const program = join(folder, 'writer.mjs')
  writeFileSync(
    program,
    `import { appendHistory } from ${JSON.stringify(join(import.meta.dirname, 'history-file.ts'))}
    const [path, name] = process.argv.slice(2)
    const record = (run) => ({ schemaVersion: 1, at: 'x', run, arch: 'x86_64', sha256: 'a', sizeBytes: 1, metrics: [{ name: 'm', unit: 'ms', tier: 2, samples: Array(2000).fill(1.5) }] })
    for (let count = 0; count < 8; count++) await appendHistory(path, [record(name + count)])`,
  )
  await Promise.all(['a', 'b', 'c'].map((name) => promisify(execFile)(process.execPath, [program, path, name])))
  const { records, damagedLines } = await readHistory(path)
  expect(damagedLines).toEqual([])
  expect(new Set(records.map(({ run }) => run)).size).toBe(24)
})

test('a line that a crash cut off is lost alone, wherever it was cut', async () => {
  const whole = `${JSON.stringify(record('whole'))}\n`
  for (let length = 1; length < whole.length - 1; length += 37) {
    const path = fresh()
    await appendHistory(path, [record('one')])
    appendFileSync(path, whole.slice(0, length))
    await appendHistory(path, [record('two')])
    const { records, damagedLines } = await readHistory(path)
    expect(records.map(({ run }) => run)).toEqual(['one', 'two'])
    expect(damagedLines).toEqual([2])
  }
})

test('a record whose line end alone was lost is kept', async () => {
  const path = fresh()
  await appendHistory(path, [record('one')])
  writeFileSync(path, readFileSync(path, 'utf8').trimEnd())
  await appendHistory(path, [record('two')])
  expect((await readHistory(path)).records.map(({ run }) => run)).toEqual(['one', 'two'])
})

test('a place that cannot be written is the environment’s fault, one that cannot be read the caller’s', async () => {
  await expect(appendHistory(join(folder, 'writer.mjs', 'history'), [record('x')])).rejects.toThrow(EnvironmentFault)
  await expect(readHistory(folder)).rejects.toThrow(CallFault)
})

test('a series holds the medians of comparable runs, this one last', () => {
  const host = { accelerator: 'tcg', acceleratorReason: '', qemuVersion: '7', cpuCount: 2 }
  const earlier = [
    { ...record('a', 1), host },
    { ...record('other', 9), host: { ...host, cpuCount: 8 } },
    { ...record('b', 2), host },
  ]
  const [series] = seriesOf({ ...record('c', 3), host }, earlier)
  expect(series?.points.map(({ run, value }) => [run, value])).toEqual([
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ])
  expect(series?.changePoints).toEqual([])
})
