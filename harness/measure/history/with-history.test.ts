import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { sampleReport } from '../../report/sample-report.ts'
import { readHistory } from './history-file.ts'
import { withHistory } from './with-history.ts'

const folder = mkdtempSync(join(tmpdir(), 'with-history-'))
afterAll(() => rmSync(folder, { recursive: true }))
const metric = { name: 'boot_ms', unit: 'ms', tier: 2 as const, samples: [5, 7, 6] }
const report = () => {
  const sample = sampleReport()
  return { ...sample, images: sample.images.map((image) => ({ ...image, metrics: [metric] })) }
}

test('a run is kept with every sample, and its report shows the trend up to it', async () => {
  const path = join(folder, 'history.ndjson')
  await withHistory(report(), path, { GITHUB_SHA: 'first' })
  const second = await withHistory(report(), path, { CI_COMMIT_SHA: 'second' })
  expect(second.images[0]?.history?.[0]?.points.map(({ run, value }) => [run, value])).toEqual([
    ['first', 6],
    ['second', 6],
  ])
  const { records } = await readHistory(path)
  expect(records[0]?.metrics).toEqual([metric])
  expect(records).toHaveLength(2 * report().images.length)
})

test('a run without a verdict leaves no trace', async () => {
  const path = join(folder, 'none.ndjson')
  const broken = { ...report(), verdict: 'error' as const }
  expect(await withHistory(broken, path)).toEqual(broken)
  expect(existsSync(path)).toBe(false)
})
