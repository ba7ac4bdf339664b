import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { admitTest, type MachineLoad, mayBegin } from './admission.ts'

const parent = mkdtempSync(join(tmpdir(), 'admission-'))
afterAll(() => rmSync(parent, { recursive: true }))
const folder = (): string => mkdtempSync(join(parent, 'run-'))

const gib = 1024 ** 3
const idle: MachineLoad = { freeBytes: 16 * gib, load: 0.5, coreCount: 4, otherTests: 3 }

test.each<[string, Partial<MachineLoad>, boolean]>([
  ['an idle machine takes another one', {}, true],
  ['short memory does not', { freeBytes: 2 * gib }, false],
  ['a busy machine does not', { load: 14 }, false],
  ['the load of the run’s own guests is no reason', { load: 8 }, true],
  ['the first one begins on any machine', { load: 60, freeBytes: gib / 2, otherTests: 0 }, true],
])('%s', (_, change, may) => expect(mayBegin({ ...idle, ...change })).toBe(may))

test('a test waits until the machine has room, and is told to the others until it ends', async () => {
  const shared = folder()
  const loads = [20, 20, 3]
  const seen: number[] = []
  const end = await admitTest(shared, (otherTests) => {
    seen.push(otherTests)
    return { ...idle, load: loads[seen.length - 1] ?? 0 }
  })
  expect(seen).toHaveLength(3)
  expect(readdirSync(shared)).toEqual([String(process.pid)])
  end()
  expect(readdirSync(shared)).toEqual([])
})

test('tests of living workers count, those of workers that are gone do not', async () => {
  const shared = folder()
  writeFileSync(join(shared, String(process.ppid)), '')
  writeFileSync(join(shared, '999999999'), '')
  const seen: number[] = []
  await admitTest(shared, (otherTests) => {
    seen.push(otherTests)
    return idle
  })
  expect(seen).toEqual([1])
})

test('a machine that stays busy is waited for no longer than the bound', async () => {
  const startedMs = performance.now()
  await admitTest(folder(), () => ({ ...idle, load: 99 }), 300)
  expect(performance.now() - startedMs).toBeLessThan(5000)
})

test('a test of a run that has ended makes its folder no second time', async () => {
  const removed = join(folder(), 'run')
  await expect(admitTest(join(removed, 'tests'), () => idle)).rejects.toMatchObject({ code: 'ENOENT' })
  expect(existsSync(removed)).toBe(false)
})
