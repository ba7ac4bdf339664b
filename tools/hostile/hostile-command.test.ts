import { expect, test, vi } from 'vitest'
import { CallFault } from '../../harness/model/faults.ts'
import { Lifetime } from '../../harness/platform/process/lifetime.ts'
import { runHostileCommand } from './hostile-command.ts'

test.each([[['--seed', 'x']], [['--kills', '-1']], [['--frobnicate']], [['file']], [['--only', 'none-such']]])(
  'the call %j is refused in one sentence',
  async (args) => {
    await expect(runHostileCommand(args, new Lifetime())).rejects.toThrow(CallFault)
  },
)

test('its help names every image, in lines for a terminal', async () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  expect(await runHostileCommand(['--help'], new Lifetime())).toBe(0)
  const [[text]] = write.mock.calls as unknown as [[string]]
  write.mockRestore()
  expect(text).toContain('answers-from-a-table')
  expect(text.split('\n').filter((line) => line.length > 90)).toEqual([])
})
