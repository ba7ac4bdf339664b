import { expect } from 'vitest'
import { guestBusybox } from '../../harness/guest/guest-agent.ts'
import { nonces } from '../../harness/guest/runner/nonces.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedGuest } from '../../harness/run/shared-in-file.ts'
import { longTimeoutMs } from './bounds.ts'

const guest = sharedGuest('pulled')
const nonce = nonces()
const [kept, told] = [nonce.word('kept'), nonce.word('started')]
const codes = { awaited: nonce.code('awaited'), failing: nonce.code('failing'), created: nonce.code('created') }

/** Long enough that a stop which ends sooner was not a kill. */
const patienceS = 60

interface ContainerState {
  Status: string
  ExitCode: number
  Pid: number
}

async function stateOf(name: string): Promise<ContainerState> {
  return JSON.parse(await (await guest()).mustPodman(['inspect', '--format', '{{json .State}}', name]))
}

/** Starts a workload and waits until its log shows the line that says that it is ready. */
async function start(workload: string, name: string, ready: string): Promise<void> {
  const { mustPodman, agent } = await guest()
  await mustPodman(['run', '-q', '-d', '--name', name, '--network=none', `docker.io/vpdmn/${workload}`])
  await agent.mustShell(`until podman logs ${name} 2>&1 | grep -q '${ready}'; do sleep 0.2; done`)
}

requirement('CTR-006', longTimeoutMs, async () => {
  const { mustPodman } = await guest()
  await start('server', 'graceful', 'serving on')
  const startedMs = performance.now()
  await mustPodman(['stop', '-t', String(patienceS), 'graceful'])
  expect(performance.now() - startedMs, 'duration of podman stop in milliseconds').toBeLessThan(patienceS * 1000)
  expect(await stateOf('graceful')).toMatchObject({ Status: 'exited', ExitCode: 0 })
  expect(await mustPodman(['logs', 'graceful'])).toMatch(/stopped by TERM$/)
})

requirement('CTR-007', longTimeoutMs, async () => {
  await start('stubborn', 'stubborn', 'not listening')
  await (await guest()).podman(['stop', '-t', '2', 'stubborn'])
  expect(await stateOf('stubborn')).toMatchObject({ Status: 'exited', ExitCode: 128 + 9 })
})

requirement('CTR-008', longTimeoutMs, async () => {
  const { mustPodman } = await guest()
  await start('stop-signal', 'quitting', 'serving on')
  await mustPodman(['stop', '-t', String(patienceS), 'quitting'])
  expect(await mustPodman(['logs', 'quitting'])).toMatch(/stopped by QUIT$/)
  expect(await stateOf('quitting')).toMatchObject({ Status: 'exited', ExitCode: 4 })
})

requirement('CTR-009', longTimeoutMs, async () => {
  const { mustPodman, agent } = await guest()
  await start('server', 'signalled', 'serving on')
  await mustPodman(['kill', '-s', 'USR1', 'signalled'])
  await agent.mustShell(`until podman logs signalled 2>&1 | grep -q 'got USR1'; do sleep 0.2; done`)
  expect((await stateOf('signalled')).Status, 'status after SIGUSR1').toBe('running')
})

requirement('CTR-011', longTimeoutMs, async () => {
  const { mustPodman } = await guest()
  await mustPodman(['run', '-d', '--name', 'restarted', '--network=none', 'alpine', 'sleep', '10000'])
  await mustPodman(['exec', 'restarted', 'sh', '-c', `echo ${kept} > /root/file`])
  const before = await stateOf('restarted')
  await mustPodman(['restart', '-t', '0', 'restarted'])
  const after = await stateOf('restarted')
  expect(after.Status).toBe('running')
  expect(after.Pid, 'number of the first process').not.toBe(before.Pid)
  expect(await mustPodman(['exec', 'restarted', 'cat', '/root/file'])).toBe(kept)
})

requirement('CTR-012', longTimeoutMs, async () => {
  const { mustPodman } = await guest()
  await mustPodman([
    'run',
    '-d',
    '--name',
    'awaited',
    '--network=none',
    'alpine',
    'sh',
    '-c',
    `sleep 3; exit ${codes.awaited}`,
  ])
  expect(await mustPodman(['wait', 'awaited']), 'what podman wait prints').toBe(String(codes.awaited))
})

requirement('CTR-015', longTimeoutMs, async () => {
  const { mustPodman, agent } = await guest()
  const options = ['-d', '--name', 'failing', '--restart=on-failure:2', '--network=none']
  await mustPodman(['run', ...options, 'alpine', 'sh', '-c', `echo run; exit ${codes.failing}`])
  const count = () => agent.mustShell(`until [ "$(podman logs failing | grep -c run)" = 3 ]; do sleep 0.5; done`)
  await count()
  const inspected = await mustPodman(['inspect', '--format', '{{.RestartCount}}', 'failing'])
  expect(inspected, 'RestartCount of podman inspect').toBe('2')
  expect(await mustPodman(['wait', 'failing']), 'exit code after the last try').toBe(String(codes.failing))
})

requirement('CTR-016', longTimeoutMs, async () => {
  const { podman, mustPodman } = await guest()
  const command = 'touch /run/healthy; while :; do sleep 1; done'
  const health = ['--health-cmd', 'test -e /run/healthy', '--health-retries=1', '--health-interval=disable']
  await mustPodman(['run', '-d', '--name', 'patient', '--network=none', ...health, 'alpine', 'sh', '-c', command])
  const check = async () => (await podman(['healthcheck', 'run', 'patient'])).exitCode
  const status = () => mustPodman(['inspect', '--format', '{{.State.Health.Status}}', 'patient'])
  expect(await check(), 'exit code of podman healthcheck run').toBe(0)
  expect(await status()).toBe('healthy')
  await mustPodman(['exec', 'patient', 'rm', '/run/healthy'])
  expect(await check(), 'exit code of podman healthcheck run of a sick container').toBe(1)
  expect(await status()).toBe('unhealthy')
})

requirement('CTR-017', longTimeoutMs, async () => {
  const { mustPodman, podman } = await guest()
  await mustPodman([
    'create',
    '--name',
    'created',
    '--network=none',
    'alpine',
    'sh',
    '-c',
    `echo ${told}; exit ${codes.created}`,
  ])
  expect((await stateOf('created')).Status).toBe('created')
  const started = await podman(['start', '-a', 'created'])
  expect(started.stdout.toString(), 'output of podman start -a').toBe(`${told}\n`)
  expect(started.exitCode, 'exit code of podman start -a').toBe(codes.created)
})

/** podman rm does not wait for conmon, which still has to call podman's own clean-up: seconds under emulation. */
const endOfConmonS = 120
/** Unlike that of any sleep of init's own, which waits in the background as well. */
const ownSleepS = '10019'

requirement('CTR-019', longTimeoutMs, async ({ pulledGuest }) => {
  const { mustPodman, agent } = pulledGuest
  for (const name of ['one', 'two'])
    await mustPodman(['run', '-d', '--name', name, '--network=none', 'alpine', 'sleep', ownSleepS])
  await mustPodman(['rm', '-f', '-a', '-t', '0'])
  const look = `look() {
      for f in /proc/[0-9]*/cmdline; do
        case $(tr -c '[:print:]' ' ' < $f) in */conmon\\ * | *sleep\\ ${ownSleepS}\\ ) echo "process $f"; esac
      done
      grep -E ' /var/lib/containers/storage/|/run/containers/.*shm' /proc/mounts
      ls -d /sys/fs/cgroup/libpod_parent/libpod-*
      ls /var/lib/containers/storage/vfs-containers | grep -E '^[0-9a-f]{64}$'
    }
    read -r now _ < /proc/uptime; end=$((\${now%.*} + ${endOfConmonS}))
    while left=$(look 2> /dev/null); [ -n "$left" ] && [ \${now%.*} -lt $end ]; do
      ${guestBusybox} sleep 0.2; read -r now _ < /proc/uptime
    done
    echo "$left"`
  const left = (await agent.mustShell(look, { timeoutMs: 2 * endOfConmonS * 1000 })).trim()
  expect(left, `processes, mounts, control groups and folders of containers after ${endOfConmonS} s`).toBe('')
})
