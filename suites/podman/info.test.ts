import { expect, inject } from 'vitest'
import { eras } from '../../harness/contract/eras.ts'
import { guestBusybox } from '../../harness/guest/guest-agent.ts'
import { forkOf } from '../../harness/run/podman-guest.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedInFile } from '../../harness/run/shared-in-file.ts'
import { longTimeoutMs } from './bounds.ts'

interface PodmanInfo {
  host: {
    cgroupVersion: string
    cgroupControllers: string[]
    cgroupManager: string
    eventLogger: string
    logDriver: string
    networkBackend: string
    ociRuntime: { name: string }
  }
  store: { graphDriverName: string }
}

const podmanInfo = sharedInFile(async (lifetime): Promise<PodmanInfo> => {
  const guest = await forkOf('fresh', lifetime)
  return JSON.parse(await guest.mustPodman(['info', '--format', 'json']))
})

requirement('INF-008', longTimeoutMs, async ({ guest }) => {
  expect(await guest.mustPodman(['version', '--format', '{{.Client.Version}}']), 'podman’s version').toMatch(/^\d+\./)
})

requirement('INF-001', longTimeoutMs, async () => {
  expect((await podmanInfo()).store.graphDriverName, 'storage driver of podman info').toBe('vfs')
})

requirement('INF-002', longTimeoutMs, async () => {
  const { networkBackend } = eras[inject('coordinates').era]
  expect((await podmanInfo()).host.networkBackend, 'network backend of podman info').toBe(networkBackend)
})

requirement('INF-003', longTimeoutMs, async () => {
  expect((await podmanInfo()).host.ociRuntime.name, 'OCI runtime of podman info').toBe('crun')
})

requirement('INF-004', longTimeoutMs, async () => {
  const { cgroupVersion, cgroupControllers } = (await podmanInfo()).host
  expect(cgroupVersion, 'version of control groups').toBe('v2')
  expect(cgroupControllers, 'controllers of podman info').toEqual(expect.arrayContaining(['cpu', 'memory', 'pids']))
})

requirement('INF-005', longTimeoutMs, async () => {
  const { cgroupManager, eventLogger, logDriver } = (await podmanInfo()).host
  expect({ cgroupManager, eventLogger, logDriver }, 'drivers of podman info').toEqual({
    cgroupManager: 'cgroupfs',
    eventLogger: 'file',
    logDriver: 'k8s-file',
  })
})

requirement('INF-006', longTimeoutMs, async ({ pulledGuest }) => {
  const commands = [
    ['images'],
    ['run', '--name=plain', '--network=none', 'alpine', 'true'],
    ['ps', '-a'],
    ['rm', 'plain'],
  ]
  for (const command of commands) {
    const { exitCode, stderr } = await pulledGuest.podman(command)
    expect(exitCode, `exit code of podman ${command.join(' ')}: ${stderr}`).toBe(0)
    expect(stderr.toString('utf8'), `warnings of podman ${command.join(' ')}`).toBe('')
  }
})

/**
 * Less than one try of a name or a bus takes. A loaded host makes a guest's processor slower, and with it the time that
 * the command works, not the time that it waits.
 */
const longestWaitS = 3

/** Duration, work in the program and work in the kernel, in seconds, as POSIX's time(1) prints them. */
const seconds = (printed: string, word: string): number =>
  Number(new RegExp(`^${word} ([0-9.]+)$`, 'm').exec(printed)?.[1])

requirement('INF-007', longTimeoutMs, async ({ pulledGuest }) => {
  for (const command of ['info', 'images', 'ps -a']) {
    const timed = `${guestBusybox} time -p podman ${command} 2>&1 > /dev/null`
    const printed = await pulledGuest.agent.mustShell(timed, { timeoutMs: longTimeoutMs })
    const waitedS = seconds(printed, 'real') - seconds(printed, 'user') - seconds(printed, 'sys')
    expect(waitedS, `seconds for which podman ${command} neither worked nor ended: ${printed}`).toBeLessThan(
      longestWaitS,
    )
  }
})
