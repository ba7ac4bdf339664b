import { expect } from 'vitest'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedGuest } from '../../harness/run/shared-in-file.ts'
import { mustRunIn, runIn } from './alpine-run.ts'
import { longTimeoutMs } from './bounds.ts'

const guest = sharedGuest('fresh')

const run = async (workload: string, command: readonly string[] = [], options: readonly string[] = []) =>
  mustRunIn(await guest(), { image: `docker.io/vpdmn/${workload}`, command, options: ['-q', ...options] })

const lines = (...list: readonly string[]): string => list.join('\n')

requirement('RUN-014', longTimeoutMs, async () => {
  const entry = ['</bin/show-arguments>', '<fixed argument>']
  expect(await run('entrypoint-exec'), 'arguments of the image').toBe(lines(...entry, '<default>', '<two words>'))
  expect(await run('entrypoint-exec', ['a b', '']), 'arguments of the call').toBe(lines(...entry, '<a b>', '<>'))
})

requirement('RUN-015', longTimeoutMs, async () => {
  expect(await run('entrypoint-shell', ['first'])).toBe('entry first /root')
  expect(await run('command-shell')).toBe('home /root')
})

requirement('RUN-016', longTimeoutMs, async () => {
  expect(await run('command-exec')).toBe(lines('</bin/show-arguments>', '<a b>', '<>', '<$HOME>'))
})

requirement('RUN-017', longTimeoutMs, async () => {
  expect(await run('entrypoint-exec', [], ['--entrypoint', '["/bin/echo","replaced"]'])).toBe('replaced')
})

requirement('RUN-018', longTimeoutMs, async () => {
  const result = await runIn(await guest(), { image: 'docker.io/vpdmn/no-command', command: [], options: ['-q'] })
  expect(result.exitCode, 'exit code of podman run without any command').toBeGreaterThanOrEqual(125)
  expect(result.stderr.toString()).toMatch(/no command or entrypoint|cannot find|not found/i)
})

requirement('RUN-019', longTimeoutMs, async () => {
  const [user, group, folder, ...variables] = (await run('settings')).split('\n')
  expect([user, group, folder], 'user, group and working directory').toEqual(['worker', 'staff', '/made/by/podman'])
  expect(variables).toEqual(expect.arrayContaining(['EMPTY=', 'EQUALS=a=b', 'GREETING=hello world']))
})

requirement('RUN-020', longTimeoutMs, async () => {
  expect(await run('numeric-user')).toMatch(/^uid=100000\b.* gid=100001\b/)
})

requirement('RUN-026', longTimeoutMs, async () => {
  expect(await run('settings', ['cat', '/data/seed'])).toBe('from the image')
})
