import { type GuestAgent, guestBusybox } from '../guest/guest-agent.ts'
import { GuestFault } from '../model/faults.ts'
import { monotonicMs } from '../registry/front/request-log.ts'
import type { GuestWithFront } from './podman-guest.ts'
import { type PullRecord, pullRecord, type StampedLine } from './pull-timeline.ts'

const pullTimeoutMs = 180_000
/** The quickest of several questions tells the guest's clock best: half its duration is the error, 5 ms on an idle machine. */
const clockQuestions = 5

/** Puts the guest's uptime, in seconds, before each line. */
const stamp = `${guestBusybox} sh -c 'while read -r line; do read -r up _ < /proc/uptime; echo "$up $line"; done'`

/** Pulls an image, which must succeed, and tells the registry's and the guest's view of it on one clock. */
export async function observePull({ guest, front }: GuestWithFront, reference: string): Promise<PullRecord> {
  const { agent } = guest
  const offsetMs = await guestClockMs(agent)
  const before = front.requests().length
  const pull = `echo start; podman --log-level=debug pull -q ${reference}; echo "end $?"`
  const output = await agent.mustShell(`{ ${pull}; } 2>&1 | ${stamp}`, { timeoutMs: pullTimeoutMs })
  const lines = stampedLines(output, offsetMs)
  const [first, last] = [lines[0], lines.at(-1)]
  if (first?.text !== 'start' || last?.text !== 'end 0')
    throw new GuestFault(`podman pull ${reference} did not succeed: ${last?.text}.`, output.slice(-2000))
  const requests = front.requests().slice(before)
  return pullRecord({ reference, startMs: first.atMs, endMs: last.atMs, lines, requests })
}

/** What to add to the guest's uptime, in milliseconds, for this machine's monotonic clock. */
async function guestClockMs(agent: GuestAgent): Promise<number> {
  const answers: { durationMs: number; offsetMs: number }[] = []
  for (let count = 0; count < clockQuestions; count++) {
    const beforeMs = monotonicMs()
    const uptimeMs = Number((await agent.readFile('/proc/uptime')).toString().split(' ')[0]) * 1000
    const durationMs = monotonicMs() - beforeMs
    answers.push({ durationMs, offsetMs: beforeMs + durationMs / 2 - uptimeMs })
  }
  return answers.reduce((best, answer) => (answer.durationMs < best.durationMs ? answer : best)).offsetMs
}

/** Lines that do not begin with a stamp are the continuation of none that matters. */
export const stampedLines = (output: string, offsetMs: number): StampedLine[] =>
  [...output.matchAll(/^(\d+\.\d+) (.*)$/gm)].map(([, uptime, text = '']) => ({
    atMs: Number(uptime) * 1000 + offsetMs,
    text,
  }))
