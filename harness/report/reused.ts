import type { Report } from './schema.ts'

/** That results are not of this run, how many, and from when; undefined where all are. */
export function reusedText({ images }: Pick<Report, 'images'>): string | undefined {
  const results = images.flatMap(({ requirements }) => requirements)
  const times = results.flatMap(({ reusedFrom }) => reusedFrom ?? []).toSorted()
  const [oldest, newest] = [times[0], times.at(-1)]
  if (oldest === undefined || newest === undefined) return undefined
  const asked = results.filter(({ suite, status }) => isGuestSuite(suite) && status !== 'not-applicable')
  const when = minute(oldest) === minute(newest) ? minute(oldest) : `${minute(oldest)} to ${minute(newest)}`
  return `Reused: ${times.length} of ${asked.length} results of guests, found ${when} UTC; --fresh asks again.`
}

const isGuestSuite = (suite: string): boolean => suite === 'boot' || suite === 'podman'

/** Such as `2026-11-28 08:10`. */
const minute = (time: string): string => time.slice(0, 16).replace('T', ' ')
