import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectFolder } from '../../platform/call-folder.ts'
import { runTool } from '../../platform/process/run-tool.ts'

const build = async (...args: string[]) => {
  const entry = join(projectFolder, 'harness/build.mjs')
  const { exitCode, stdout, stderr } = await runTool(process.execPath, [entry, ...args], { timeoutMs: 20_000 })
  return { exitCode, stdout: stdout.toString(), stderr }
}

test('a wrong option is one sentence on stderr and exit code 2', async () => {
  const { exitCode, stdout, stderr } = await build('--archh', 'x86_64')
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr).toMatch(/^There is no option --archh.*\n$/)
})

test('--help fits a screen and names every exit code', async () => {
  const { exitCode, stdout } = await build('--help')
  const lines = stdout.split('\n')
  expect(exitCode).toBe(0)
  expect(lines.length).toBeLessThanOrEqual(24)
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
  expect(stdout).toMatch(/0 .*2 .*3 /s)
})
