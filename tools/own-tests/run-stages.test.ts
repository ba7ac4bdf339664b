import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { statusNames } from '../../harness/model/status.ts'
import { Lifetime } from '../../harness/platform/process/lifetime.ts'
import { sampleImage, sampleReport, sampleResult } from '../../harness/report/sample-report.ts'
import { countReport, countVitest } from './counts.ts'
import { runStages } from './run-stages.ts'
import type { Stage } from './stages.ts'

const folder = mkdtempSync(join(tmpdir(), 'run-stages-'))
afterAll(() => rmSync(folder, { recursive: true }))

const printed: string[] = []
beforeEach(() => {
  printed.length = 0
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean(printed.push(String(text))))
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

const shell = (script: string, fields: Partial<Stage> = {}): Stage => ({
  title: script,
  program: 'sh',
  args: (resultFile) => ['-c', script, 'sh', resultFile],
  timeoutMs: 20_000,
  ...fields,
})
const vitestResult = (passed: number, failed: number) =>
  `echo '{"numPassedTests":${passed},"numFailedTests":${failed},"numPendingTests":1,"numTodoTests":0}' > "$1"`
const vitest = (script: string) => shell(script, { count: countVitest })

const run = async (...stages: Stage[]) => {
  const exitCode = await runStages(stages, new Lifetime(), folder)
  return { exitCode, line: printed.join('') }
}

describe('runStages', () => {
  test('sums the counts of all stages in one last line', async () => {
    expect(await run(shell('true'), vitest(vitestResult(5, 0)), vitest(vitestResult(2, 0)))).toEqual({
      exitCode: 0,
      line: '8 passed, 0 failed, 2 skipped\n',
    })
  })

  test('goes on after a stage that failed, and fails', async () => {
    expect(await run(shell('exit 1'), vitest(`${vitestResult(5, 2)}; exit 1`))).toEqual({
      exitCode: 1,
      line: '5 passed, 3 failed, 1 skipped\n',
    })
  })

  test.each([
    ['fails though all its tests passed', `${vitestResult(5, 0)}; exit 1`, '5 passed, 1 failed, 1 skipped\n'],
    ['passes without telling what it tested', 'true', '0 passed, 1 failed, 0 skipped\n'],
    ['tested nothing', vitestResult(0, 0), '0 passed, 0 failed, 1 skipped\n'],
  ])('does not pass a stage that %s', async (_, script, line) => {
    expect(await run(vitest(script))).toEqual({ exitCode: 1, line })
  })

  test.each([
    ['its environment failed', shell('exit 3')],
    ['it was killed', shell('kill -9 $$')],
    ['it did not end', shell('exec sleep 60', { timeoutMs: 100 })],
  ])('a stage of which %s is a fault', async (_, stage) => {
    expect(await run(stage, shell('true'))).toEqual({ exitCode: 3, line: '1 passed, 1 failed, 0 skipped\n' })
  })

  test('forbids colours in a log, where they would be escape sequences', async () => {
    vi.stubEnv('FORCE_COLOR', '0')
    expect(await run(shell('test "$NO_COLOR" = 1'))).toMatchObject({ exitCode: 0 })
  })

  test('does not count the result of an earlier run', async () => {
    mkdirSync(join(folder, '1'), { recursive: true })
    writeFileSync(join(folder, '1/report.json'), '{"numPassedTests":9}')
    expect(await run(vitest('exit 1'))).toMatchObject({ line: '0 passed, 1 failed, 0 skipped\n' })
  })

  test('asks a running program to end when the run is interrupted', async () => {
    const lifetime = new Lifetime()
    const script = 'trap "echo cleaned > \\"$1.end\\"; exit 0" TERM; echo > "$1.start"; while :; do sleep 0.05; done'
    const running = runStages([shell(script)], lifetime, folder)
    await vi.waitUntil(() => existsSync(join(folder, '1/report.json.start')), { timeout: 10_000 })
    await lifetime.end()
    await running
    expect(readFileSync(join(folder, '1/report.json.end'), 'utf8')).toBe('cleaned\n')
  })
})

test('a verification counts each requirement once; advice does not fail', () => {
  const requirements = statusNames.map((status) => sampleResult({ status }))
  const advice = sampleResult({ status: 'fail', severity: 'warning' })
  const report = sampleReport({ images: [sampleImage({ requirements }), sampleImage({ requirements: [advice] })] })
  expect(countReport(JSON.stringify(report))).toEqual({ passed: 2, failed: 2, skipped: 4 })
})
