import type { RunningGuest } from '../machine/start-guest.ts'
import { EnvironmentFault, GuestFault } from '../model/faults.ts'
import { TimeoutError } from '../platform/process/with-timeout.ts'
import { GuestAgent } from './guest-agent.ts'

/** The agent is up before the image's init has done much; the bound is for a loaded machine. */
const agentTimeoutMs = 60_000

/** What the scripts that start the agent say on the console: why they cannot, or what they wait for (harness/recipes/agent/scripts). */
const complaint = /^harness agent: (.*?)\r*$/
const waiting = /^harness agent (?:waits: (.*?)|goes on)\r*$/

/** What the agent relies on: named where the guest itself does not say what it lacks. */
const needs =
  'It needs a kernel with CONFIG_BINFMT_SCRIPT, CONFIG_DEVTMPFS, CONFIG_NAMESPACES, CONFIG_PROC_FS, CONFIG_SYSFS and CONFIG_VIRTIO_CONSOLE, and an initramfs that leaves its process alive.'

const ownBootFiles = 'Without --blobs, --kernel and --initramfs the harness boots the image with its own.'

/** Reaches the agent of a guest whose image answers. Throws EnvironmentFault where it does not answer too. */
export async function reachBesideImage(guest: RunningGuest): Promise<GuestAgent> {
  try {
    return await GuestAgent.reach(guest, agentTimeoutMs)
  } catch (error) {
    if (!((error as Error).cause instanceof TimeoutError)) throw error
    throw new EnvironmentFault(
      'E_NO_AGENT',
      `The image answers, but the harness's agent in its guest does not. ${needs} ${ownBootFiles}`,
      {
        cause: error,
      },
    )
  }
}

/**
 * Awaits work on a guest that needs the agent. Throws EnvironmentFault as soon as the guest says why it has none, and where the work
 * fails in a guest whose agent still waits for what the kernel lacks: the image has no channel then either.
 */
export async function unlessWithoutAgent<T>(guest: RunningGuest, work: Promise<T>): Promise<T> {
  const without = guest.console
    .lineWhere((text) => complaint.test(text))
    .then(({ text }): never => {
      throw withoutAgent(complaint.exec(text)?.[1])
    })
  try {
    return await Promise.race([work, without])
  } catch (cause) {
    const awaited = awaitedByAgent(guest)
    throw cause instanceof GuestFault && awaited !== undefined ? withoutAgent(awaited, cause) : cause
  }
}

const withoutAgent = (why: string | undefined, cause?: unknown): EnvironmentFault =>
  new EnvironmentFault('E_NO_AGENT', `The harness's agent cannot run in this guest: ${why}. ${ownBootFiles}`, { cause })

function awaitedByAgent({ console }: RunningGuest): string | undefined {
  const last = console.lines.findLast(({ text }) => waiting.test(text))
  return waiting.exec(last?.text ?? '')?.[1]
}
