import { type GuestTime, waitedShare } from '../machine/guest-time.ts'
import { formatDuration } from '../model/quantities.ts'
import type { RequirementResult } from '../model/result.ts'
import type { Report } from './schema.ts'

/** From this share on, what a test saw of time is more the machine's than the image's. */
const starvedShare = 0.25

const percent = (share: number): string => `${Math.round(share * 100)} %`

/** How starved a test was, in words; undefined where its guests had nearly all of their time. */
export function waitText({ guestTime }: Pick<RequirementResult, 'guestTime'>): string | undefined {
  if (guestTime === undefined || waitedShare(guestTime) < 0.05) return undefined
  const { ranMs, waitedMs } = guestTime
  return `its guests waited for a processor for ${formatDuration(waitedMs)} of ${formatDuration(ranMs + waitedMs)}`
}

/** That the machine was too busy for what was asked of it, for the whole run; undefined where it was not. */
export function starvedText({ images }: Pick<Report, 'images'>): string | undefined {
  const times = images.flatMap(({ requirements }) => requirements.flatMap(({ guestTime }) => guestTime ?? []))
  const total = times.reduce(
    (sum, { ranMs, waitedMs }): GuestTime => ({ ranMs: sum.ranMs + ranMs, waitedMs: sum.waitedMs + waitedMs }),
    { ranMs: 0, waitedMs: 0 },
  )
  if (waitedShare(total) < starvedShare) return undefined
  return `The machine was busy: guests waited for a processor for ${percent(waitedShare(total))} of their time. Bounds do not count that; durations do.`
}
