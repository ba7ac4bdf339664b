import { afterEach, expect, test } from 'vitest'
import type { FileTree } from '../file-tree.ts'
import type { InitScript, InitScripts } from '../init/init-scripts.ts'
import { checkSyntax, complaint } from './check-syntax.ts'

const searchPath = process.env.PATH
afterEach(() => {
  process.env.PATH = searchPath
})

/** What is said of a script whose interpreter is a busybox in the image. */
function verdictOn(text: string) {
  const entry = { name: 'busybox', parent: undefined }
  const files = { findFile: () => entry } as unknown as FileTree
  const script: InitScript = { path: '/init', text, interpreter: '/bin/sh', shell: undefined, sources: [] }
  return checkSyntax(files, { scripts: [script] } as unknown as InitScripts)
}

test('a script that parses has no error, and nothing of it is run', async () => {
  expect(await verdictOn('exit 7\n')).toEqual([{ path: '/init', shell: 'busybox', error: undefined }])
})

test('of one that does not, the first line of what the shell says is the error', async () => {
  const [verdict] = await verdictOn('if true\nthen\n')
  expect(verdict?.error).toMatch(/^sh: syntax error: unexpected end of file/)
})

test('a shell that stops reading at once gives a verdict on a long script', async () => {
  const [verdict] = await verdictOn(`fi\n${'# and much more\n'.repeat(100_000)}`)
  expect(verdict?.error).toMatch(/syntax error/)
})

test('a shell that is not installed is the fault of the environment, with the remedy', async () => {
  process.env.PATH = '/nowhere'
  await expect(verdictOn('true\n')).rejects.toMatchObject({
    name: 'EnvironmentFault',
    code: 'E_NO_TOOL',
    message: 'busybox is not installed: install its package, or run "npm run setup" as root.',
  })
})

test('a shell that does not end is no error of the script, but the fault of the environment', async () => {
  await expect(complaint('sleep', ['30'], '', 100)).rejects.toMatchObject({
    code: 'E_TOOL',
    message: 'sleep did not read a script to its end in 0.1 s.',
  })
})
