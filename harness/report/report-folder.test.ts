import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { Lifetime } from '../platform/process/lifetime.ts'
import { openReportFolder } from './report-folder.ts'

const folder = mkdtempSync(join(tmpdir(), 'report-folder-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('openReportFolder', () => {
  test('a file in the place of the folder is a fault of the call', async () => {
    writeFileSync(join(folder, 'file'), '')
    const message = `--out ${folder}/file is not a folder and cannot become one.`
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
