import { expect } from 'vitest'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedGuest } from '../../harness/run/shared-in-file.ts'
import { mustRunIn, runArguments } from './alpine-run.ts'
import { longTimeoutMs } from './bounds.ts'

const guest = sharedGuest('pulled')

const sh = (script: string): readonly string[] => ['sh', '-c', script]

// podman issue 4159: "container-init binary not found on the host: stat /usr/libexec/podman/catatonit".
requirement('RUN-030', longTimeoutMs, async () => {
  // The shell is not process 1, and what it leaves behind becomes that one's child and is reaped.
  const script = 'echo $$; (sleep 0 &); sleep 1; grep -c "^State:.Z" /proc/[0-9]*/status | grep -c ":[1-9]"; :'
  const printed = await mustRunIn(await guest(), { options: ['--init'], command: sh(script) })
  const [shell, zombies] = printed.split('\n')
  expect(Number(shell), 'the command’s process, behind an init').toBeGreaterThan(1)
  expect(zombies, 'processes that ended and were not reaped').toBe('0')
})

// podman issue 8135: a system without tzdata, "find timezone in paths: /usr/share/zoneinfo, /etc/zoneinfo".
requirement('RUN-031', longTimeoutMs, async () => {
  const zone = await mustRunIn(await guest(), { options: ['--tz=Asia/Kolkata'], command: ['date', '+%z'] })
  expect(zone, 'date +%z with --tz=Asia/Kolkata').toBe('+0530')
})

requirement('RUN-032', longTimeoutMs, async () => {
  const { podman } = await guest()
  const args = runArguments(['--env-host', '-e', 'BOTH=of the call'], sh('echo "$CALLER, $BOTH"'))
  const result = await podman(args, { environment: { CALLER: 'of the caller', BOTH: 'of the caller' } })
  expect(result.stdout.toString('utf8').trim(), `variables in the container: ${result.stderr}`).toBe(
    'of the caller, of the call',
  )
})

requirement('RUN-033', longTimeoutMs, async () => {
  const { agent } = await guest()
  for (const option of ['z', 'Z', 'ro,Z']) {
    await agent.mustShell('mkdir -p /run/labelled && echo from-guest > /run/labelled/in')
    const options = ['-v', `/run/labelled:/given:${option}`]
    const read = await mustRunIn(await guest(), { options, command: ['cat', '/given/in'] })
    expect(read, `the file of a volume with the options ${option}`).toBe('from-guest')
  }
})

// podman issue 16644: of a Linux built by Yocto without systemd, "unable to get systemd connection to add healthchecks".
requirement('RUN-034', longTimeoutMs, async () => {
  const { mustPodman } = await guest()
  const health = ['--health-cmd', 'true', '--health-interval=30s']
  await mustPodman(['run', '-d', '--name', 'checked', '--network=none', ...health, 'alpine', 'sleep', '100000'])
  expect(await mustPodman(['inspect', '--format', '{{.State.Running}}', 'checked']), 'whether it runs').toBe('true')
  const test = await mustPodman(['inspect', '--format', '{{.Config.Healthcheck.Test}}', 'checked'])
  expect(test, 'the health check of the container').toContain('true')
})
