import { createHash, randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import { nonces } from '../../harness/guest/runner/nonces.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedGuest } from '../../harness/run/shared-in-file.ts'
import { mustRunIn, runIn } from './alpine-run.ts'
import { longTimeoutMs } from './bounds.ts'

const guest = sharedGuest('pulled')
const nonce = nonces()

const exitCodeOf = async (...command: readonly string[]) => (await runIn(await guest(), { command })).exitCode

requirement('RUN-005', longTimeoutMs, async () => {
  for (const code of [0, 1, 125, 255, nonce.code('run')])
    expect(await exitCodeOf('sh', '-c', `exit ${code}`), `exit code of podman run … "exit ${code}"`).toBe(code)
})

requirement('RUN-006', longTimeoutMs, async () => {
  expect(await exitCodeOf('/no/such/command'), 'exit code for a command that does not exist').toBe(127)
  expect(await exitCodeOf('/etc/passwd'), 'exit code for a file that is no program').toBe(126)
  const wrong = await (await guest()).podman(['run', '--no-such-option', 'alpine'])
  expect(wrong.exitCode, 'exit code for an option that does not exist').toBe(125)
})

requirement('RUN-007', longTimeoutMs, async () => {
  const killedBy = (signal: string) => exitCodeOf('sh', '-c', `sh -c 'kill -${signal} $$'; exit $?`)
  expect(await killedBy('KILL'), 'exit code of a shell whose command was killed').toBe(128 + 9)
  expect(await killedBy('TERM'), 'exit code of a shell whose command was terminated').toBe(128 + 15)
})

requirement('RUN-008', longTimeoutMs, async () => {
  const input = randomBytes(1024 * 1024)
  const result = await runIn(await guest(), { options: ['-i'], command: ['sha256sum'] }, { input })
  const expected = createHash('sha256').update(input).digest('hex')
  expect(result.stdout.toString().split(' ')[0], 'sha256sum of 1 MiB at standard input').toBe(expected)
})

requirement('RUN-009', longTimeoutMs, async () => {
  const [out, error] = [nonce.word('out'), nonce.word('error')]
  const result = await runIn(await guest(), { command: ['sh', '-c', `echo ${out}; echo ${error} >&2`] })
  const streams = [result.stdout, result.stderr].map(String)
  expect(streams, 'standard output and standard error').toEqual([`${out}\n`, `${error}\n`])
})

requirement('RUN-010', longTimeoutMs, async () => {
  expect(await mustRunIn(await guest(), { options: ['-t'], command: ['tty'] }), 'tty with -t').toBe('/dev/pts/0')
  const without = await runIn(await guest(), { command: ['tty'] })
  expect(without.stdout.toString(), 'tty without -t').toBe('not a tty\n')
})

requirement('RUN-029', longTimeoutMs, async () => {
  const { mustPodman, agent } = await guest()
  await mustRunIn(await guest(), { command: ['true'] })
  expect(await mustPodman(['ps', '-aq', '--external']), 'containers after podman run --rm').toBe('')
  const left = await agent.mustShell('ls /var/lib/containers/storage/vfs/dir | wc -l')
  expect(left.trim(), 'folders in the store: the image’s one layer').toBe('1')
})
