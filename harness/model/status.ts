import type { Severity } from './requirement.ts'

/** What can come of a requirement. */
export const statusNames = ['pass', 'fail', 'error', 'blocked', 'skip', 'waived', 'not-applicable'] as const
export type Status = (typeof statusNames)[number]

/** Whether a status means that the image was really looked at. */
export const lookedAt: Readonly<Record<Status, boolean>> = {
  pass: true,
  fail: true,
  waived: true,
  skip: false,
  error: false,
  blocked: false,
  'not-applicable': false,
}

/** Whether a requirement that is not met stops an image from conforming; the others are advice. */
export const decides: Readonly<Record<Severity, boolean>> = { blocker: true, error: true, warning: false, info: false }
