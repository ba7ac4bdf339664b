import type { Metric } from '../report/schema.ts'

let waiting: Metric[] = []

/** Keeps the phases of a boot, in milliseconds by metric name, for the next test that ends in this process. */
export function noteBootPhases(phases: Readonly<Record<string, number>>): void {
  for (const [name, durationMs] of Object.entries(phases))
    waiting.push({ name, unit: 'ms', tier: 2, samples: [durationMs] })
}

/** What was kept since the last call. */
export function takeBootSamples(): Metric[] {
  const taken = waiting
  waiting = []
  return taken
}
