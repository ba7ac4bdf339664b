import { GuestFault } from '../../model/faults.ts'

/** What one phase of a boot cost on the host. */
export interface HostTime {
  phase: string
  /** CPU time of the emulator with all its threads, in milliseconds. */
  cpuMs: number
  wallMs: number
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
