import type { Report } from './schema.ts'

/** That QEMU was not held as it should be, in a sentence; undefined where it was, and where no guest was started. */
export function gapsText({ confinementGaps = [] }: Report['host']): string | undefined {
  if (confinementGaps.length === 0) return undefined
  return `WARNING: QEMU was not held as it should be: ${confinementGaps.join('; ')}.`
}
