import { expect } from 'vitest'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedGuest } from '../../harness/run/shared-in-file.ts'
import { mustRunIn } from './alpine-run.ts'
import { longTimeoutMs } from './bounds.ts'
import { isPodmanSince } from './era.ts'

const guest = sharedGuest('pulled')

const sh = (script: string): readonly string[] => ['sh', '-c', script]
/** Holds twice the limit in memory: tail keeps what it has read until it sees a line end. Where nothing ends it, it prints all. */
const hog = 'head -c 64m /dev/zero | tail > /dev/null'

requirement('CNF-001', longTimeoutMs, async () => {
  const forked = await guest()
  const { podman, mustPodman } = forked
  const options = ['--name', 'hog', '--network=none', '--memory=32m', '--memory-swap=32m']
  const result = await podman(['run', ...options, 'alpine', 'sh', '-c', `exec ${hog}`])
  expect(result.timedOut, 'whether the container had to be ended by the harness').toBe(false)
  expect(result.exitCode, 'exit code of a container that needs twice its memory').toBe(128 + 9)
  // conmon 2.1.6, which Debian 12 has beside podman 4.3, does not see why the kernel ended the container; 2.1.12 does.
  if (!(await isPodmanSince(forked, '4.4'))) return
  const killed = await mustPodman(['inspect', '--format', '{{.State.OOMKilled}}', 'hog'])
  expect(killed, 'OOMKilled of podman inspect').toBe('true')
})

requirement('CNF-002', longTimeoutMs, async () => {
  const script = 'for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do sleep 100 & done; echo all started'
  const result = await (await guest()).podman([
    'run',
    '--rm',
    '--network=none',
    '--pids-limit=8',
    'alpine',
    ...sh(script),
  ])
  expect(result.stdout.toString(), 'what 16 processes under --pids-limit=8 print').not.toContain('all started')
  expect(result.stderr.toString()).toMatch(/can't fork|Resource temporarily unavailable/i)
})

requirement('CNF-003', longTimeoutMs, async () => {
  const printed = await mustRunIn(await guest(), {
    options: ['--memory=64m', '--pids-limit=50', '--cpus=0.5'],
    command: sh('cd /sys/fs/cgroup && cat memory.max pids.max cpu.max'),
  })
  expect(printed.split('\n'), 'memory.max, pids.max and cpu.max').toEqual([`${64 * 1024 ** 2}`, '50', '50000 100000'])
})

requirement('CNF-004', longTimeoutMs, async () => {
  const printed = await mustRunIn(await guest(), {
    options: ['--ulimit', 'nofile=123:456', '--shm-size=2m'],
    command: sh("ulimit -Sn; ulimit -Hn; df -k /dev/shm | awk 'END { print $2 }'"),
  })
  expect(printed.split('\n'), 'open files, soft and hard, and KiB of /dev/shm').toEqual(['123', '456', '2048'])
})
