import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { tellGitHub, withoutCommands } from './git-hub.ts'
import { sampleReport } from './sample-report.ts'

const folder = mkdtempSync(join(tmpdir(), 'git-hub-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('the report is added to what the job’s summary holds already', async () => {
  const path = join(folder, 'summary.md')
  writeFileSync(path, 'before\n')
  await tellGitHub(sampleReport(), { GITHUB_STEP_SUMMARY: path })
  expect(readFileSync(path, 'utf8')).toMatch(/^before\n## ✅ Conforms\n/)
})

test('a summary that cannot be written is a fault of the environment that names it', async () => {
  const told = tellGitHub(sampleReport(), { GITHUB_STEP_SUMMARY: '/sys/none' })
  await expect(told).rejects.toMatchObject({ name: 'EnvironmentFault', message: expect.stringContaining('/sys/none') })
})

test('elsewhere there are no annotations, and text stays as it is', async () => {
  const faulty = sampleReport({ faults: ['QEMU ended.'] })
  expect(await tellGitHub(faulty, {})).toBe('')
  expect(await tellGitHub(faulty, { GITHUB_ACTIONS: 'true' })).toContain(
    '::error title=Harness or environment::QEMU ended.',
  )
  expect(withoutCommands('text\n', {})).toBe('text\n')
})

test('what an image prints is no command to GitHub', () => {
  const text = '::set-output name=x::y\n'
  const [, start, end] = /^::stop-commands::(\S+)\n::set-output name=x::y\n::(\S+)::\n$/.exec(
    withoutCommands(text, { GITHUB_ACTIONS: 'true' }),
  ) ?? ['', 'a', 'b']
  expect(start).toBe(end)
})
