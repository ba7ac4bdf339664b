import { expect } from 'vitest'
import type { ForkedGuest } from '../../harness/guest/prepare/forked-guest.ts'
import { nonces } from '../../harness/guest/runner/nonces.ts'
import { forkOf } from '../../harness/run/podman-guest.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedInFile } from '../../harness/run/shared-in-file.ts'
import { longTimeoutMs } from './bounds.ts'

const nonce = nonces()
const [byRun, byExec, typed, complaint] = ['by run', 'by exec', 'typed', 'complaint'].map((label) => nonce.word(label))
const kind = nonce.word('kind')
const code = nonce.code('exec')

/** One guest with one container, which prints two lines and waits; the tests look at it and leave it as it is. */
const running = sharedInFile(async (lifetime): Promise<ForkedGuest> => {
  const guest = await forkOf('pulled', lifetime)
  const script = 'echo to-output; echo to-error >&2; while :; do sleep 1; done'
  await guest.mustPodman([
    ...['run', '-d', '--name', 'service', '--network=none', '--env', `SET=${byRun}`, '--label', `kind=${kind}`],
    ...['alpine', 'sh', '-c', script],
  ])
  return guest
})

interface ListedContainer {
  Names: string[]
  Image: string
  State: string
  Labels: Record<string, string>
}

requirement('CTR-001', longTimeoutMs, async () => {
  const { mustPodman } = await running()
  const listed = JSON.parse(await mustPodman(['ps', '--format', 'json'])) as ListedContainer[]
  expect(listed, 'podman ps').toMatchObject([
    { Names: ['service'], Image: 'docker.io/library/alpine:latest', State: 'running', Labels: { kind } },
  ])
})

requirement('CTR-004', longTimeoutMs, async () => {
  const { podman } = await running()
  const script = `cat; echo "$SET $GIVEN $PWD $(id -u)"; echo ${complaint} >&2; exit ${code}`
  const options = ['-i', '-e', `GIVEN=${byExec}`, '-w', '/var', '-u', 'worker']
  const result = await podman(['exec', ...options, 'service', 'sh', '-c', script], { input: `${typed}\n` })
  expect(result.stdout.toString(), 'standard output').toBe(`${typed}\n${byRun} ${byExec} /var 1000\n`)
  expect(result.stderr.toString(), 'standard error').toContain(`${complaint}\n`)
  expect(result.exitCode, 'exit code').toBe(code)
})

requirement('CTR-005', longTimeoutMs, async () => {
  const { mustPodman } = await running()
  expect(await mustPodman(['top', 'service', 'pid', 'args']), 'podman top').toMatch(/^1\s+sh -c /m)
  const [stats] = JSON.parse(await mustPodman(['stats', '--no-stream', '--format', 'json', 'service']))
  expect(stats.mem_usage, 'memory of podman stats').toMatch(/^[1-9][\d.]*(?:k|M)i?B/)
  expect(Number(stats.pids), 'processes of podman stats').toBeGreaterThanOrEqual(1)
})

requirement('CTR-010', longTimeoutMs, async () => {
  const { mustPodman } = await running()
  const status = () => mustPodman(['inspect', '--format', '{{.State.Status}}', 'service'])
  await mustPodman(['pause', 'service'])
  expect(await status()).toBe('paused')
  await mustPodman(['unpause', 'service'])
  expect(await status()).toBe('running')
  await mustPodman(['exec', 'service', 'true'])
})

requirement('CTR-013', longTimeoutMs, async () => {
  const { podman, mustPodman } = await running()
  const refused = await podman(['rm', 'service'])
  expect(refused.exitCode, 'exit code of podman rm of a running container (podman-rm(1))').toBe(2)
  await mustPodman(['run', '-d', '--name', 'doomed', '--network=none', 'alpine', 'sleep', '1000'])
  await mustPodman(['rm', '-f', '-t', '0', 'doomed'])
  expect((await podman(['container', 'exists', 'doomed'])).exitCode, 'podman container exists').toBe(1)
})

requirement('CTR-014', longTimeoutMs, async () => {
  const { mustPodman, agent } = await running()
  await agent.mustShell('mkdir -p /run/in/folder && echo given > /run/in/folder/file && chmod 0640 /run/in/folder/file')
  await mustPodman(['cp', '/run/in/folder', 'service:/tmp/'])
  const there = await mustPodman(['exec', 'service', 'stat', '-c', '%a %s', '/tmp/folder/file'])
  expect(there, 'mode and size in the container').toBe('640 6')
  await mustPodman(['cp', 'service:/tmp/folder/file', '/run/back'])
  expect(await agent.mustShell('cat /run/back'), 'the file that came back').toBe('given\n')
})

requirement('CTR-018', longTimeoutMs, async () => {
  const { mustPodman } = await running()
  const events = await mustPodman([
    ...['events', '--stream=false', '--since', '1h', '--filter', 'container=service', '--format', '{{.Status}}'],
  ])
  expect(events.split('\n'), 'events of the container').toEqual(expect.arrayContaining(['create', 'start']))
})

requirement('CTR-002', longTimeoutMs, async () => {
  const { podman, mustPodman } = await running()
  const logs = async (name: string, ...options: readonly string[]) => {
    const { stdout, stderr } = await podman(['logs', ...options, name])
    return { stdout: stdout.toString(), stderr: stderr.toString() }
  }
  expect(await logs('service')).toEqual({ stdout: 'to-output\n', stderr: 'to-error\n' })
  await mustPodman(['run', '--name', 'ended', '--network=none', 'alpine', 'seq', '1', '100'])
  expect((await logs('ended', '--tail', '2')).stdout, 'the last two lines of a container that has ended').toBe(
    '99\n100\n',
  )
})

requirement('CTR-003', longTimeoutMs, async () => {
  const { podman, mustPodman } = await running()
  const script = 'for n in 1 2 3; do echo "line $n"; sleep 1; done'
  await mustPodman(['run', '-d', '--name', 'short', '--network=none', 'alpine', 'sh', '-c', script])
  const followed = await podman(['logs', '-f', 'short'])
  expect(followed.timedOut, 'whether podman logs -f had to be ended by the harness').toBe(false)
  expect(followed.stdout.toString()).toBe('line 1\nline 2\nline 3\n')
})
