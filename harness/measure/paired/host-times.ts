import { readFileSync } from 'node:fs'
import { GuestFault } from '../../model/faults.ts'

/** Linux counts CPU time in these for every process (proc(5), /proc/PID/stat; sysconf _SC_CLK_TCK is 100). */
const tickMs = 10

/** What one phase of a boot cost on the host. */
export interface HostTime {
  phase: string
  /** CPU time of the emulator with all its threads, in milliseconds. */
  cpuMs: number
  wallMs: number
}

/** Fields 14 and 15 of proc(5), counted behind the name in brackets, which may hold anything. */
export function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * tickMs
}

/** From the clocks at the end of each phase to what it took; all before the first command is one phase, `boot`. */
export function durations(seen: readonly HostTime[], phases: readonly string[]): HostTime[] {
  const ends = phases.map((phase) => {
    const end = seen.find((time) => time.phase === phase)
    if (!end) throw new GuestFault(`A measured boot ended without the mark of "${phase}".`)
    return end
  })
  return ends.map(({ phase, cpuMs, wallMs }, index) => {
    const before = ends[index - 1] ?? { cpuMs: 0, wallMs: 0 }
    return { phase: index === 0 ? 'boot' : phase, cpuMs: cpuMs - before.cpuMs, wallMs: wallMs - before.wallMs }
  })
}
