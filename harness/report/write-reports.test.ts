import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { sampleReport } from './sample-report.ts'
import { writeReports } from './write-reports.ts'

const folder = mkdtempSync(join(tmpdir(), 'write-reports-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('writeReports', () => {
  test('makes the folder and leaves whole files only', async () => {
    const out = join(folder, 'a/b')
    await writeReports(sampleReport(), out, new Map())
    expect(readdirSync(out).toSorted()).toEqual(['junit.xml', 'report.html', 'report.json'])
    expect(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')).verdict).toBe('conforms')
  })

  test('writes what else belongs to the run beside it', async () => {
    const out = join(folder, 'artifacts')
    await writeReports(sampleReport(), out, new Map(), { artifacts: [{ file: 'image.spdx.json', content: '{}' }] })
    expect(readdirSync(out).toSorted()).toEqual(['image.spdx.json', 'junit.xml', 'report.html', 'report.json'])
    expect(readFileSync(join(out, 'image.spdx.json'), 'utf8')).toBe('{}')
  })

  test('writes nothing for a report that breaks its schema', async () => {
    const out = join(folder, 'broken')
    await expect(writeReports(sampleReport({ verdict: 'maybe' as never }), out, new Map())).rejects.toThrow(
      'breaks its schema',
    )
    expect(readdirSync(folder)).not.toContain('broken')
  })

  test('a disk that refuses is a fault of the environment', async () => {
    await expect(writeReports(sampleReport(), '/sys/reports', new Map())).rejects.toMatchObject({
      name: 'EnvironmentFault',
    })
  })
})
