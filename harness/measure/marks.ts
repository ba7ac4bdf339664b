import { GuestFault } from '../model/faults.ts'

/** The end of a phase, as the guest reported it. */
export interface Mark {
  phase: string
  /** The guest's monotonic clock, in nanoseconds. */
  atNs: number
  /** How much of it its processors stood idle, in nanoseconds, all of them together. */
  idleNs: number
}

/** Time of one phase, in nanoseconds of the guest's clock. */
export interface PhaseTime {
  phase: string
  /** The processor executed instructions. */
  workNs: number
  /** The processor stood idle: a sleep, a timer, a device. */
  waitNs: number
}

/** A mark among the lines of the console, behind the kernel's own time stamp. */
const markPattern = /vpdmn-measure: (\w+) now at (\d+) nsecs (.*)$/
/** Fields of /proc/timer_list (Linux, kernel/time/timer_list.c). */
const idlePattern = /\.(?:idle|iowait)_sleeptime\s*: (\d+) nsecs/g

/** The marks that a console shows, in order. */
export function readMarks(lines: readonly string[]): Mark[] {
  return lines.flatMap((line) => {
    const [, phase, at, clocks] = markPattern.exec(line) ?? []
    if (phase === undefined || clocks === undefined) return []
    const idleNs = [...clocks.matchAll(idlePattern)].reduce((sum, [, value]) => sum + Number(value), 0)
    return [{ phase, atNs: Number(at), idleNs }]
  })
}

/** From here to `prepared` the harness works for itself. */
const preparation = 'prepared'

/**
 * The time of each phase, from the mark before it to its own. Throws GuestFault where a mark is missing, out of order or
 * not credible: then the guest did not do what it was to do.
 */
export function phaseTimes(marks: readonly Mark[], expected: readonly string[]): PhaseTime[] {
  const seen = marks.map(({ phase }) => phase)
  const missing = expected.findIndex((phase, index) => seen[index] !== phase)
  if (missing >= 0 || seen.length > expected.length)
    throw new GuestFault(
      `A measured boot ended before "${expected[missing] ?? 'its end'}" or reported more than was asked; it reported ${seen.join(', ') || 'nothing'}.`,
    )
  const times = marks.map(({ phase, atNs, idleNs }, index) => {
    const before = marks[index - 1] ?? { atNs: 0, idleNs: 0 }
    const waitNs = idleNs - before.idleNs
    return { phase, workNs: atNs - before.atNs - waitNs, waitNs }
  })
  if (times.some(({ workNs, waitNs }) => workNs < 0 || waitNs < 0))
    throw new GuestFault("The guest's clock ran backwards between two marks of a measured boot.")
  return times.filter(({ phase }) => phase !== preparation)
}
