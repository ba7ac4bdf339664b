import type { Metric } from '../../model/result.ts'
import type { PhaseTime } from '../marks.ts'
import { nanosecondsPerInstruction } from './exact-machine.ts'

/** The phases that together are the boot, up to the image's first command. */
const bootPhases: readonly string[] = ['kernel', 'initramfs', 'init']

/** Work in instructions and waiting in nanoseconds, for each phase and for the whole boot. */
export function exactMetrics(times: readonly PhaseTime[]): Metric[] {
  const boot = times.filter(({ phase }) => bootPhases.includes(phase))
  return [...times.map(named), { ...sum(boot), name: 'boot' }].flatMap(({ name, workNs, waitNs }) => [
    exact(`exact_${name}_instructions`, 'instructions', workNs / nanosecondsPerInstruction),
    exact(`exact_${name}_wait_ns`, 'ns', waitNs),
  ])
}

const named = ({ phase, ...time }: PhaseTime) => ({
  ...time,
  name: bootPhases.includes(phase) ? `boot_${phase}` : phase,
})

const sum = (times: readonly PhaseTime[]) => ({
  workNs: times.reduce((total, { workNs }) => total + workNs, 0),
  waitNs: times.reduce((total, { waitNs }) => total + waitNs, 0),
})

const exact = (name: string, unit: string, value: number): Metric => ({ name, unit, tier: 0, samples: [value] })
