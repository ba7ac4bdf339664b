import { bootPhases } from '../../machine/console/boot-phases.ts'
import type { ConsoleLine } from '../../machine/console/kept-lines.ts'
import type { GuestEnd } from '../../machine/start-guest.ts'
import type { Boot } from '../../model/boot.ts'

/** A boot as a report shows it, before it is known which requirement it answered. */
export type BootRecord = Omit<Boot, 'requirement'>

/** What is kept of a console: its start shows how the boot went, its end how it came out. */
const firstLines = 100
const lastLines = 200
/** Longer lines are no message to anybody, but an answer in base64. */
const longestLine = 400

/** Durations that are no part of the chain from QEMU's start to the first command, but its sum. */
const totals = ['boot_ready_ms']

/** What the report shows of a boot that has ended. */
export function bootRecord(lines: readonly ConsoleLine[], end: GuestEnd): BootRecord {
  const phases = Object.entries(bootPhases(lines)).filter(([name]) => !totals.includes(name))
  const shown =
    lines.length <= firstLines + lastLines ? lines : [...lines.slice(0, firstLines), ...lines.slice(-lastLines)]
  return {
    endedBy: end.reason,
    durationMs: end.atMs,
    phases: phases.map(([name, durationMs]) => ({ name: phaseName(name), durationMs: Math.max(0, durationMs) })),
    console: shown.map(({ atMs, text }) => ({ atMs, text: cut(text) })),
    leftOutLines: lines.length - shown.length,
  }
}

const phaseName = (metric: string): string => metric.replace(/^boot_/, '').replace(/_ms$/, '')

const cut = (text: string): string => (text.length > longestLine ? `${text.slice(0, longestLine)}…` : text)

/** Boots that a report holds of one image at most. */
const maxBoots = 8

/** Which boots of an image the report shows: the first that reached its command, then those of tests that failed. */
export function chooseBoots(boots: readonly { boot: Boot; failed: boolean }[]): Boot[] {
  const complete = boots.find(({ boot, failed }) => !failed && boot.phases.some(({ name }) => name === 'init'))
  const chosen = [...(complete ? [complete] : []), ...boots.filter(({ failed }) => failed)]
  return chosen.slice(0, maxBoots).map(({ boot }) => boot)
}
