import { expect, inject } from 'vitest'
import { nonces } from '../../harness/guest/runner/nonces.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { timeoutMs } from './bounds.ts'

requirement('RUN-001', timeoutMs, async ({ pulledGuest, recordMs }) => {
  for (const metric of ['run_first_ms', 'run_second_ms']) {
    const startedMs = performance.now()
    const output = await pulledGuest.mustPodman(['run', '--rm', 'alpine', 'ip', '-o', 'addr', 'show', 'eth0'])
    recordMs(metric, performance.now() - startedMs)
    expect(output, 'the address of eth0 in the container').toMatch(/\binet 10\.88\./)
  }
})

requirement('RUN-002', timeoutMs, async ({ pulledGuest, recordMs }) => {
  const startedMs = performance.now()
  const interfaces = await pulledGuest.mustPodman(['run', '--rm', '--network=none', 'alpine', 'ls', '/sys/class/net'])
  recordMs('run_without_network_ms', performance.now() - startedMs)
  expect(interfaces, 'network interfaces in the container').toBe('lo')
})

requirement('RUN-003', timeoutMs, async ({ pulledGuest }) => {
  const code = nonces().code('run')
  const exit = ['run', '--rm', '--network=none', 'alpine', 'sh', '-c', `exit ${code}`]
  expect((await pulledGuest.podman(exit)).exitCode, `exit code of podman run … "exit ${code}"`).toBe(code)
})

requirement('RUN-004', timeoutMs, async ({ pulledGuest }) => {
  const machine = await pulledGuest.mustPodman(['run', '--rm', '--network=none', 'alpine', 'uname', '-m'])
  expect(machine, 'uname -m in the container').toBe(inject('coordinates').boot.arch)
})
