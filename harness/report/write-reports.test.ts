import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { sampleReport } from './sample-report.ts'
import { openReportFolder, writeReports } from './write-reports.ts'

const folder = mkdtempSync(join(tmpdir(), 'write-reports-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('writeReports', () => {
  test('makes the folder and leaves whole files only', async () => {
    const out = join(folder, 'a/b')
    await writeReports(sampleReport(), out)
    expect(readdirSync(out).toSorted()).toEqual(['junit.xml', 'report.json'])
    expect(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')).verdict).toBe('conforms')
  })

  test('writes nothing for a report that breaks its schema', async () => {
    const out = join(folder, 'broken')
    await expect(writeReports(sampleReport({ verdict: 'maybe' as never }), out)).rejects.toThrow('breaks its schema')
    expect(readdirSync(folder)).not.toContain('broken')
  })

  test('a disk that refuses is a fault of the environment', async () => {
    await expect(writeReports(sampleReport(), '/sys/reports')).rejects.toMatchObject({ name: 'EnvironmentFault' })
  })
})

test('a file in the place of the folder is a fault of the call', async () => {
  writeFileSync(join(folder, 'file'), '')
  const message = `--out ${folder}/file is not a folder, nor can it become one.`
  await expect(openReportFolder(join(folder, 'file'))).rejects.toMatchObject({ name: 'CallFault', message })
  await expect(openReportFolder(join(folder, 'file/sub'))).rejects.toMatchObject({ name: 'CallFault' })
})
