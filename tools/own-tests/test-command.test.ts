import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectFolder } from '../../harness/platform/call-folder.ts'
import { runTool } from '../../harness/platform/process/run-tool.ts'
import { stages } from './stages.ts'

const run = async (...args: string[]) => {
  const entry = join(projectFolder, 'tools/test.mjs')
  const { exitCode, stdout, stderr } = await runTool(process.execPath, [entry, ...args], { timeoutMs: 20_000 })
  return { exitCode, stdout: stdout.toString(), stderr }
}

test('--help tells what is run and runs nothing', async () => {
  const { exitCode, stdout, stderr } = await run('--help')
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  for (const { title } of stages) expect(stdout).toContain(`  ${title}\n`)
})

test('a file to test is refused, with the way to test it', async () => {
  expect(await run('harness/model/faults.ts')).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: 'npm test takes no arguments, such as "harness/model/faults.ts": npx vitest run FILE runs single tests.\n',
  })
})
