import { mkdtempDisposable, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sampleResult } from '../report/sample-report.ts'
import { AnswerHistory } from './answer-history.ts'

const result = (durationMs: number, status: 'pass' | 'fail' | 'skip' = 'pass', id = 'RUN-001') =>
  sampleResult({ id, durationMs, status })
const ids = new Set(['RUN-001', 'RUN-002'])

test('what a run noted is known to the next one, by architecture', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'answers-'))
  const path = join(folder.path, 'cache', 'answers.json')
  const history = new AnswerHistory(path)
  history.note('x86_64', 'podman/run', result(100))
  history.note('x86_64', 'podman/run', result(50, 'fail', 'RUN-002'))
  history.note('aarch64', 'podman/run', result(900))
  await history.save()
  const next = new AnswerHistory(path)
  expect(next.expectedMs('x86_64', 'RUN-001')).toBe(100)
  expect(next.expectedMs('x86_64', 'RUN-003')).toBeUndefined()
  expect(next.ofFile('x86_64', 'podman/run', ids)).toEqual({ expectedMs: 150, failed: true })
  expect(next.ofFile('x86_64', 'podman/run', new Set(['RUN-001']))).toEqual({ expectedMs: 100, failed: false })
  expect(next.ofFile('aarch64', 'podman/run', ids)).toEqual({ expectedMs: 900, failed: false })
  expect(next.ofFile('x86_64', 'podman/pull', ids)).toEqual({ expectedMs: 0, failed: false })
  expect(await readdir(join(folder.path, 'cache'))).toEqual(['answers.json'])
})

test('the median of the last five counts, and the last answer says whether it failed', () => {
  const history = new AnswerHistory('/nowhere/answers.json')
  history.note('x86_64', 'podman/run', result(1, 'fail'))
  for (const ms of [100, 200, 300, 400, 500]) history.note('x86_64', 'podman/run', result(ms))
  expect(history.ofFile('x86_64', 'podman/run', ids)).toEqual({ expectedMs: 300, failed: false })
})

test('what was not run changes nothing', () => {
  const history = new AnswerHistory('/nowhere/answers.json')
  history.note('x86_64', 'podman/run', result(100, 'fail'))
  history.note('x86_64', 'podman/run', result(0, 'skip'))
  expect(history.ofFile('x86_64', 'podman/run', ids)).toEqual({ expectedMs: 100, failed: true })
})

test.each(['no JSON', '7', '{"x86_64 RUN-001":{"file":"a","failed":"no","durations":[1]},"b":null,"c":{"file":"a"}}'])(
  'a file that holds %s is an empty one, and a disk that refuses it fails nothing',
  async (text) => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'answers-'))
    const path = join(folder.path, 'answers.json')
    await writeFile(path, text)
    expect(new AnswerHistory(path).expectedMs('x86_64', 'RUN-001')).toBeUndefined()
    await new AnswerHistory(join(path, 'below-a-file')).save()
    expect(await readFile(path, 'utf8')).toBe(text)
  },
)
