import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { Lifetime } from '../process/lifetime.ts'
import { sampleReport } from './sample-report.ts'
import { openReportFolder, writeReports } from './write-reports.ts'

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

describe('openReportFolder', () => {
  test('a file in the place of the folder is a fault of the call', async () => {
    writeFileSync(join(folder, 'file'), '')
    const message = `--out ${folder}/file is not a folder, nor can it become one.`
    const open = (path: string) => openReportFolder(join(folder, path), new Lifetime())
    await expect(open('file')).rejects.toMatchObject({ name: 'CallFault', message })
    await expect(open('file/sub')).rejects.toMatchObject({ name: 'CallFault' })
  })

  test.each([
    ['a folder that was made and stayed empty goes', 'new', undefined, false],
    ['a folder that was made and holds a report stays', 'used', 'report.json', true],
  ])('%s at the end of the run', async (_, name, file, stays) => {
    const lifetime = new Lifetime()
    await openReportFolder(join(folder, name), lifetime)
    if (file) writeFileSync(join(folder, name, file), '')
    await lifetime.end()
    expect(existsSync(join(folder, name))).toBe(stays)
  })

  test('an empty folder of the user stays', async () => {
    const lifetime = new Lifetime()
    mkdirSync(join(folder, 'mine'))
    await openReportFolder(join(folder, 'mine'), lifetime)
    await lifetime.end()
    expect(existsSync(join(folder, 'mine'))).toBe(true)
  })
})
