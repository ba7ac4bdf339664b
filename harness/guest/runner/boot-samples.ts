import { bootPhases } from '../../machine/console/boot-phases.ts'
import type { ConsoleLine } from '../../machine/console/guest-console.ts'
import type { GuestEnd } from '../../machine/start-guest.ts'
import type { Metric } from '../../report/schema.ts'
import { type BootRecord, bootRecord } from './boot-record.ts'

interface BootSamples {
  metrics: Metric[]
  records: BootRecord[]
}

let waiting: BootSamples = { metrics: [], records: [] }

/** Keeps a boot that has ended, its phases and its console, for the next test that ends in this process. */
export function noteBoot(lines: readonly ConsoleLine[], end: GuestEnd): void {
  for (const [name, durationMs] of Object.entries(bootPhases(lines)))
    waiting.metrics.push({ name, unit: 'ms', tier: 2, samples: [durationMs] })
  waiting.records.push(bootRecord(lines, end))
}

/** What was kept since the last call. */
export function takeBootSamples(): BootSamples {
  const taken = waiting
  waiting = { metrics: [], records: [] }
  return taken
}
