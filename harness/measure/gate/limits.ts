import type { Profile } from '../../profile/profile.ts'

export type Limit = Profile['performance']['limits'][number]

/** The limits of a metric: those of the first row whose pattern fits its whole name. */
export function limitOf(metric: string, limits: readonly Limit[]): Limit | undefined {
  return limits.find(({ metrics }) => fits(metric, metrics))
}

/** `*` stands for any part of a name; everything else for itself. */
function fits(metric: string, pattern: string): boolean {
  const [start = '', ...rest] = pattern.split('*')
  const end = rest.pop()
  if (end === undefined) return metric === pattern
  if (!metric.startsWith(start) || !metric.endsWith(end)) return false
  let position = start.length
  for (const part of rest) {
    const found = metric.indexOf(part, position)
    if (found < 0) return false
    position = found + part.length
  }
  return position + end.length <= metric.length
}
