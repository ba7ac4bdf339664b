import { expect, test } from 'vitest'
import { cpuMsOf } from '../../machine/processor-time.ts'
import { GuestFault } from '../../model/faults.ts'
import { durations } from './host-times.ts'

const seen = [
  { phase: 'kernel', cpuMs: 10, wallMs: 20 },
  { phase: 'init', cpuMs: 100, wallMs: 300 },
  { phase: 'version', cpuMs: 150, wallMs: 310 },
]

test('a phase takes what has passed since the one before; all before the first command is the boot', () => {
  expect(durations(seen, ['init', 'version'])).toEqual([
    { phase: 'boot', cpuMs: 100, wallMs: 300 },
    { phase: 'version', cpuMs: 50, wallMs: 10 },
  ])
})

test('a phase whose mark is missing is the guest’s fault', () => {
  expect(() => durations(seen, ['init', 'load'])).toThrow(GuestFault)
})

test('the CPU time of a process is what the process itself counts', () => {
  const end = performance.now() + 100
  while (performance.now() < end);
  const { user, system } = process.cpuUsage()
  expect(Math.abs(cpuMsOf(process.pid) - (user + system) / 1000)).toBeLessThan(100)
})
