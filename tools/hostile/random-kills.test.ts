import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { removeFolder } from '../../harness/platform/process/remove-folder.ts'
import { type KilledRun, killOnce, randomKill } from './random-kills.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'random-kills-'))
  await mkdir(join(folder, 'out'))
})
afterEach(() => removeFolder(folder))

/** A run that is this script. */
async function scripted(name: string, script: string, exitCodes: number[]): Promise<KilledRun> {
  const path = join(folder, `${name}.mjs`)
  await writeFile(path, script)
  return { script: path, args: [], out: join(folder, 'out'), spreadMs: 1000, exitCodes }
}

const runFolder = `import { mkdirSync, writeFileSync } from 'node:fs'
mkdirSync(process.env.TMPDIR + '/vpdmn-conformance-0/run-1-1', { recursive: true });`
const wait = 'setTimeout(() => {}, 60_000);'
const kill = { index: 0, target: 'the harness', signal: 'SIGKILL', afterMs: 700 } as const
const temporary = () => join(folder, 'tmp')

test('the kill of a number is the same of the same seed, and all kinds come about', () => {
  const kills = Array.from({ length: 100 }, (_, index) => randomKill(5, index, 1000))
  expect(kills).toEqual(Array.from({ length: 100 }, (_, index) => randomKill(5, index, 1000)))
  expect(new Set(kills.map(({ target, signal }) => `${signal} to ${target}`)).size).toBe(6)
})

test('the folder of a killed run is the next one’s to remove', async () => {
  const killed = await scripted('killed', runFolder + wait, [1])
  const careful = await scripted(
    'careful',
    `import { rmSync } from 'node:fs'; rmSync(process.env.TMPDIR + '/vpdmn-conformance-0', { recursive: true })`,
    [0],
  )
  expect((await killOnce(kill, killed, careful, temporary())).faults).toEqual([])
  const careless = await scripted('careless', '', [0])
  expect((await killOnce(kill, killed, careless, temporary())).faults).toEqual([
    'Left behind after the next run: folder run-1-1.',
  ])
})

test('a report that was cut, a next run that fails, and a process that outlives its run are told', async () => {
  const half = `writeFileSync(${JSON.stringify(join(folder, 'out', 'report.json'))}, '{"a":');`
  const outlives = `import { spawn } from 'node:child_process'; spawn('sleep', ['30'], { detached: true, stdio: 'ignore' });`
  const killed = await scripted('killed', runFolder + outlives + half + wait, [1])
  const failing = await scripted('failing', 'process.exit(3)', [0])
  const { faults } = await killOnce(kill, killed, failing, temporary())
  expect(faults.slice(0, 3)).toEqual([
    expect.stringMatching(/^Left behind: process \d+ sleep\.$/),
    'report.json ends after 5 characters.',
    'The next run ended with 3: ',
  ])
}, 90_000)
