import type { RunningGuest } from '../machine/start-guest.ts'
import { EnvironmentFault } from '../model/faults.ts'
import { TimeoutError } from '../platform/process/with-timeout.ts'
import { GuestAgent } from './guest-agent.ts'

/** The agent is up before the image's init has done much; the bound is for a loaded machine. */
const agentTimeoutMs = 60_000

/** How the scripts that start the agent begin what they say on the console, which is why they cannot (harness/recipes/agent/scripts). */
const complaint = /^harness agent: (.*?)\r*$/

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

/** Awaits work on a guest that needs the agent. Throws EnvironmentFault as soon as the guest says why it has none. */
export async function unlessWithoutAgent<T>(guest: RunningGuest, work: Promise<T>): Promise<T> {
  const without = guest.console
    .lineWhere((text) => complaint.test(text))
    .then(({ text }): never => {
      throw new EnvironmentFault(
        'E_NO_AGENT',
        `The harness's agent cannot run in this guest: ${complaint.exec(text)?.[1]}. ${ownBootFiles}`,
      )
    })
  return Promise.race([work, without])
}
