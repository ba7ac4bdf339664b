import { afterEach, expect, test, vi } from 'vitest'
import { Lifetime } from '../../harness/platform/process/lifetime.ts'
import { runFuzzCommand } from './fuzz-command.ts'

afterEach(() => vi.restoreAllMocks())

test('the run says its seed, what became of the images and what it took', async () => {
  const printed: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean(printed.push(String(text))))
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const lifetime = new Lifetime()
  const exitCode = await runFuzzCommand(['--seed', '7', '--count', '2'], lifetime)
  await lifetime.end()
  expect(printed.join('')).toMatch(
    /^Seed 7: \d refused, \d judged, 0 broke the harness \(\d+ MiB at most, the slowest \d+ ms\)\n$/,
  )
  expect(exitCode).toBe(0)
})

test.each([[['--seed', 'x']], [['--count', '-1']], [['--frobnicate']], [['file']]])(
  'the call %j is refused in one sentence',
  async (args) => {
    await expect(runFuzzCommand(args, new Lifetime())).rejects.toMatchObject({ name: 'CallFault' })
  },
)
