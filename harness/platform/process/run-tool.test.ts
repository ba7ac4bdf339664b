import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { requireTool, runTool } from './run-tool.ts'

const run = (script: string, options: Partial<Parameters<typeof runTool>[2]> = {}) =>
  runTool('sh', ['-c', script], { timeoutMs: 10_000, ...options })

test('a tool ends with its exit code and what it printed on both streams', async () => {
  const result = await run('cat; echo err >&2; exit 7', { input: 'in' })
  expect({ ...result, stdout: String(result.stdout) }).toEqual({
    ...{ exitCode: 7, stdout: 'in', stderr: 'err\n' },
    ...{ timedOut: false, tooMuchOutput: false },
  })
})

test('a tool that is killed has no exit code', async () => {
  expect(await run('kill -9 $$')).toMatchObject({ exitCode: null, timedOut: false })
})

test('a tool that takes too long is given up, even where others hold its output open', async () => {
  const startedMs = performance.now()
  expect(await run('echo begun; sleep 60 & sleep 60', { timeoutMs: 500 })).toMatchObject({
    ...{ exitCode: null, timedOut: true },
    stdout: Buffer.from('begun\n'),
  })
  expect(performance.now() - startedMs).toBeLessThan(20_000)
})

test.each(['cat /dev/zero', 'cat /dev/zero >&2'])('of "%s" as much is kept as allowed, at once', async (script) => {
  const maxOutputBytes = 32 * 1024 * 1024
  const startedMs = performance.now()
  const { stdout, stderr, tooMuchOutput } = await run(script, { maxOutputBytes })
  expect([Math.max(stdout.length, stderr.length), tooMuchOutput]).toEqual([maxOutputBytes, true])
  expect(performance.now() - startedMs).toBeLessThan(20_000)
})

test('a tool that fails with a long output takes no longer for it', async () => {
  const startedMs = performance.now()
  expect((await run('head -c 60000000 /dev/zero; exit 1')).stdout.length).toBe(60_000_000)
  expect(performance.now() - startedMs).toBeLessThan(20_000)
})

test('a tool reads from an open file and writes into one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'run-tool-'))
  const [source, target] = [await open(join(folder, 'a'), 'w+'), await open(join(folder, 'b'), 'w+')]
  await source.write('content')
  const { stdout, exitCode } = await run('cat', { inputFile: source.fd, outputFile: target.fd })
  expect([exitCode, stdout.length, await target.readFile('utf8')]).toEqual([0, 0, 'content'])
  await Promise.all([source.close(), target.close()])
  await rm(folder, { recursive: true })
})

test('a tool that is not there is the environment’s fault, with the remedy', async () => {
  await expect(runTool('no-such-tool', [], { timeoutMs: 1000 })).rejects.toMatchObject({
    name: 'EnvironmentFault',
    message: 'no-such-tool is not installed: install its package, or run "npm run setup" as root.',
  })
})

test.each([
  ['exit 3', 'sh -c failed with exit code 3.'],
  ['echo why >&2; exit 3', 'sh -c failed with exit code 3:\nwhy'],
  ['sleep 20', 'sh -c did not end within 0.5 s.'],
  ['cat /dev/zero', 'sh -c printed more than allowed.'],
])('a tool that must succeed and runs "%s" is told with its last words', async (script, message) => {
  const required = requireTool('sh', ['-c', script], { timeoutMs: 500, maxOutputBytes: 1000 })
  await expect(required).rejects.toMatchObject({ name: 'EnvironmentFault', message })
})
