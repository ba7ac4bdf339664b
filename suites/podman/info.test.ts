import { expect, inject } from 'vitest'
import { eras } from '../../harness/contract/eras.ts'
import { longestDelay } from '../../harness/machine/processor-wait.ts'
import { commandWait, timedCommand } from '../../harness/run/command-wait.ts'
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
 * Less than one try of a name or a bus takes.
 */
const longestWaitS = 3

requirement('INF-007', longTimeoutMs, async ({ pulledGuest: { agent, machine }, skip }) => {
  const untold: string[] = []
  for (const command of ['info', 'images', 'ps -a']) {
    const delayMs = longestDelay(machine.pid)
    const printed = await agent.mustShell(timedCommand(command), { timeoutMs: longTimeoutMs })
    const delayS = delayMs() / 1000
    const { leastS, mostS } = commandWait(printed, delayS)
    expect(leastS, `seconds for which podman ${command} neither worked nor ended: ${printed}`).toBeLessThan(
      longestWaitS,
    )
    if (mostS >= longestWaitS) untold.push(untoldText(command, mostS, delayS))
  }
  if (untold.length > 0) skip(untold.join(' '))
})

const untoldText = (command: string, mostS: number, delayS: number): string =>
  `podman ${command} neither worked nor ended for ${mostS.toFixed(1)} s, of which up to ${delayS.toFixed(1)} s may be the machine's, that was busy.`
