import { openSocketFolder } from '../../machine/qemu-socket.ts'
import type { RunningGuest } from '../../machine/start-guest.ts'
import { fork, type GuestTemplate } from '../../machine/template.ts'
import { GuestFault } from '../../model/faults.ts'
import type { Lifetime } from '../../platform/process/lifetime.ts'
import { type ExecOptions, type ExecResult, GuestAgent } from '../guest-agent.ts'
import { makeDistinct } from '../identity.ts'
import { podmanFailure, startFailure } from '../podman-failure.ts'
import { noteFork } from './active-forks.ts'
import { ownDevices } from './podman-template.ts'

/** A fork answers within 0.6 s here; the bound is for a loaded machine. */
const firstAnswerTimeoutMs = 60_000
/**
 * The slowest commands of the suite, a pull of 64 MiB and a build, take 25 s under emulation on an idle machine, and
 * were seen to take 150 s on one with ten busy processes for each processor.
 */
const podmanTimeoutMs = 300_000

/** A guest of its own for one test, in the state of its template but with its own clock, randomness and names. */
export interface ForkedGuest {
  machine: RunningGuest
  agent: GuestAgent
  /** Runs podman with the arguments; judges nothing. */
  podman(args: readonly string[], options?: ExecOptions): Promise<ExecResult>
  /** Runs podman, which must succeed; GuestFault with its stderr if it does not. Returns stdout as text, trimmed. */
  mustPodman(args: readonly string[], options?: ExecOptions): Promise<string>
}

export interface ForkRequest {
  template: GuestTemplate
  /** TCP port on the host's loopback where the fork's registry speaks TLS. */
  tlsPort: number
  /** Holds what belongs to the fork. */
  runFolder: string
}

/** Forks a template for one test; the lifetime ends the guest and removes its files. */
export async function forkGuest(request: ForkRequest, lifetime: Lifetime): Promise<ForkedGuest> {
  const devices = ownDevices(await openSocketFolder(request.runFolder, 'fork', lifetime), request.tlsPort)
  const machine = await fork(request.template, devices, lifetime)
  noteFork({ machine, plan: request.template.plan }, lifetime)
  const agent = await GuestAgent.reach(machine, firstAnswerTimeoutMs)
  await makeDistinct(agent)
  return { machine, agent, ...podmanOf(agent, machine) }
}

function podmanOf(agent: GuestAgent, machine: RunningGuest): Pick<ForkedGuest, 'podman' | 'mustPodman'> {
  const podman: ForkedGuest['podman'] = (args, options) =>
    agent.exec('podman', args, { timeoutMs: podmanTimeoutMs, ...options }).catch(async (error: unknown) => {
      throw error instanceof GuestFault ? await startFailure(agent, error) : error
    })
  return {
    podman,
    async mustPodman(args, options) {
      const result = await podman(args, options)
      if (result.exitCode === 0 && !result.timedOut) return result.stdout.toString('utf8').trim()
      throw await podmanFailure({ agent, machine, args, result })
    },
  }
}
