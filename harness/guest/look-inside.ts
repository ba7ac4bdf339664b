import type { RunningGuest } from '../machine/start-guest.ts'
import { GuestFault } from '../model/faults.ts'
import { GuestAgent, guestBusybox } from './guest-agent.ts'

/** The agent answers within 1 s in a guest that is idle in its init; one that does not answer has nothing to show. */
const lookTimeoutMs = 20_000

/** What is looked at in a guest that does not go on, by the harness's own means and not by the image's. */
const looks: readonly { title: string; command: string }[] = [
  { title: 'processes', command: 'ps' },
  { title: 'mounts', command: 'cat /proc/mounts' },
  { title: 'end of the kernel log', command: 'dmesg | tail -n 20' },
]

/** Awaits work on a guest; when the guest fails it, the error's evidence also says what goes on inside. */
export async function withLookInside<T>(guest: RunningGuest, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof GuestFault)) throw error
    throw new GuestFault(error.message, `${error.evidence}\n\n${await lookInside(guest)}`, { cause: error })
  }
}

/** Processes, mounts and the end of the kernel log as text; says so where the guest does not answer. */
async function lookInside(guest: RunningGuest): Promise<string> {
  try {
    const agent = await GuestAgent.reach(guest, lookTimeoutMs)
    const parts: string[] = []
    for (const { title, command } of looks) {
      const applets = command.replaceAll(/(^|\| )/g, `$1${guestBusybox} `)
      const { stdout } = await agent.exec(guestBusybox, ['sh', '-c', applets], { timeoutMs: lookTimeoutMs })
      parts.push(`--- ${title}\n${stdout.toString('utf8').trimEnd()}`)
    }
    return parts.join('\n')
  } catch (error) {
    return `The state of the guest could not be read: ${(error as Error).message}`
  }
}
