import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { removeFolder } from '../../harness/platform/process/remove-folder.ts'
import { runApart, runTogether } from './run-apart.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-apart-'))
})
afterEach(() => removeFolder(folder))

async function run(script: string, timeoutMs = 20_000) {
  const path = join(folder, 'script.mjs')
  await writeFile(path, script)
  return runApart(path, ['given'], join(folder, 'tmp'), { timeoutMs, environment: { GIVEN: 'too' } })
}

test('it tells exit code, output and what a run had in memory', async () => {
  const hold = 'const held = Buffer.alloc(200_000_000, 1); await new Promise((r) => setTimeout(r, 1500));'
  const result = await run(`${hold} console.log(process.argv[2], process.env.GIVEN, held.length); process.exit(4)`)
  expect(result).toMatchObject({ exitCode: 4, output: 'given too 200000000\n', left: [] })
  expect(result.peakBytes).toBeGreaterThan(200_000_000)
})

test('a run that takes too long is ended', async () => {
  expect(await run('setTimeout(() => {}, 60_000)', 1500)).toMatchObject({ exitCode: null, left: [] })
})

test('of runs at once each has its end, and what one of them leaves is looked for behind the last', async () => {
  const path = join(folder, 'script.mjs')
  const wait =
    'await new Promise((r) => setTimeout(r, Number(process.argv[2]))); process.exit(Number(process.argv[2]) / 100)'
  const make =
    "import { mkdirSync } from 'node:fs'; mkdirSync(process.env.TMPDIR + '/vpdmn-conformance-0/run-' + process.argv[2], { recursive: true });"
  await writeFile(path, `${make} ${wait}`)
  const runs = await runTogether(path, [['100'], ['1500']], join(folder, 'tmp'), { timeoutMs: 20_000 })
  const left = expect.arrayContaining(['folder run-100', 'folder run-1500'])
  expect(runs).toMatchObject([
    { exitCode: 1, left },
    { exitCode: 15, left },
  ])
})
