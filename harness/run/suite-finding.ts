import type { SharedFault } from '../model/faults.ts'
import { formatDuration } from '../model/quantities.ts'
import type { Finding } from '../model/result.ts'
import { seenRemedy } from './seen-remedy.ts'

/** What vitest keeps of an error that a test threw. */
export interface TestError {
  name?: string
  message: string
  evidence?: unknown
  /** A GuestFault's. */
  shared?: SharedFault
  remedy?: string
}

/** What vitest itself says of a test that took longer than it may; its advice is for those who write tests. */
const timeOut = /^(?:Test|Hook) timed out in (\d+)ms/

/** What a failed test has to say to those who made the image; a fault of the environment has no remedy in the image. */
export function findingOf({ name, message, remedy: seen }: TestError, ofRequirement: string): Finding {
  if (name === 'EnvironmentFault') return { message }
  const remedy = seen ?? seenRemedy(message) ?? ofRequirement
  const [, timeoutMs] = timeOut.exec(message) ?? []
  return { message: timeoutMs === undefined ? message : lateText(Number(timeoutMs)), remedy }
}

const lateText = (timeoutMs: number): string =>
  `It did not end within ${formatDuration(timeoutMs)}: what was run hangs, or this machine is too busy to tell.`
