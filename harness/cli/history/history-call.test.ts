import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { exportFormats } from '../../measure/history/export-formats.ts'
import { CallFault } from '../../model/faults.ts'
import { sampleImage, sampleReport } from '../../report/sample-report.ts'
import { answerHistoryCall } from './answer-history-call.ts'
import { historyHelp, parseHistoryCall } from './history-call.ts'

const folder = mkdtempSync(join(tmpdir(), 'history-call-'))
afterAll(() => rmSync(folder, { recursive: true }))
const call = (line: string) => answerHistoryCall(parseHistoryCall(line.split(' '), folder))
const boot = (samples: number[]) => ({ name: 'boot_ready_ms', unit: 'ms', tier: 2 as const, samples })

function write(name: string, value: unknown): string {
  writeFileSync(join(folder, name), JSON.stringify(value))
  return name
}
const report = (name: string, value: number, startedAt = '2026-01-01T00:00:00.000Z') =>
  write(name, sampleReport({ startedAt, images: [sampleImage({ metrics: [boot([value, value + 2])] })] }))

test('reports are imported, shown and exported in every format', async () => {
  expect(await call(`h1 --import ${report('a', 1000)} --import ${report('b', 1500)}`)).toContain('2 records appended')
  expect(await call('h1')).toMatch(/2 records\nx86_64\n {2}boot_ready_ms +2 points, 1.0 s to 1.5 s\n/)
  const hyperfine = JSON.parse(await call('h1 --export hyperfine'))
  expect(hyperfine.results.map(({ times }: { times: number[] }) => times)).toEqual([
    [1, 1.002],
    [1.5, 1.502],
  ])
  expect(hyperfine.results[0]).toMatchObject({ mean: 1.001, median: 1.001, min: 1, max: 1.002 })
  for (const format of exportFormats) expect(await call(`h1 --export ${format}`)).toContain('boot_ready')
})

test('what is exported can be imported again', async () => {
  await call(`h2 --import ${report('c', 800)}`)
  for (const format of ['hyperfine', 'bencher', 'benchmark-action']) {
    writeFileSync(join(folder, format), await call(`h2 --export ${format}`))
    await call(`from-${format} --import ${format} --arch x86_64`)
  }
  expect(await call('from-hyperfine')).toMatch(/1 point, 801 ms\n/)
  expect(await call('from-bencher')).toMatch(/1 point, 801 ms\n/)
  expect(await call('from-benchmark-action')).toMatch(/1 point, 801 ms\n/)
})

test('a change of level is named by the run that brought it', async () => {
  const files = Array.from({ length: 34 }, (_unused, index) =>
    report(`run-${index}`, index < 20 ? 1000 : 1100, new Date(Date.UTC(2026, 0, index + 1)).toISOString()),
  )
  await call(`h3 ${files.map((file) => `--import ${file}`).join(' ')}`)
  expect(await call('h3')).toContain('changed: 2026-01-21T00:00:00.000Z')
})

test.each([
  '',
  'site',
  'site a b',
  'site a --json',
  'site nowhere',
  'h --import x --export bencher',
  'h --export nothing',
  'h --arch x86_64',
  'a b',
  'h --import missing',
])('"%s" is a wrong call', async (line) => {
  await expect(async () => call(line)).rejects.toThrow(CallFault)
})

test('a file of no known format is refused, and so is one that does not tell its architecture', async () => {
  await expect(call(`h4 --import ${write('none', { a: 1 })}`)).rejects.toThrow(/is neither a report.json/)
  await expect(call(`h4 --import ${write('foreign', [{ name: 'n', unit: 's', value: 1 }])}`)).rejects.toThrow(/--arch/)
})

test('a history that is not there is a wrong call, and no empty one', async () => {
  await expect(call('no-history')).rejects.toThrow(CallFault)
  await expect(call('no-history --export bencher')).rejects.toThrow('no-history does not exist')
})

test('a site is made of a folder of reports, and says what it passed over', async () => {
  mkdirSync(join(folder, 'runs', 'one'), { recursive: true })
  report('runs/one/report.json', 1000)
  mkdirSync(join(folder, 'runs', 'two'))
  write('runs/two/report.json', { a: 1 })
  const said = await call('site runs')
  expect(said).toContain('runs/index.html and badge.svg: 1 image by 1 report\npassed over: ')
  expect(readFileSync(join(folder, 'runs', 'index.html'), 'utf8')).toContain('./one/report.html')
})

test('the help text keeps to 80 columns', () => {
  expect(
    historyHelp()
      .split('\n')
      .filter((line) => line.length > 80),
  ).toEqual([])
})
