import type { SuiteCoordinates } from '../guest/prepare/coordinates.ts'
import type { BootRecord } from '../guest/runner/boot-record.ts'
import type { GuestTime } from '../machine/guest-time.ts'
import type { Severity } from '../model/requirement.ts'
import type { Metric } from '../model/result.ts'
import type { PullRecord } from './pull-timeline.ts'

/** What tests of the suites are given, and what they tell beside their outcome. */
declare module 'vitest' {
  interface ProvidedContext {
    coordinates: SuiteCoordinates
  }
  interface TaskMeta {
    /** How the time of the guests was spent that lived during the test. */
    guestTime?: GuestTime
    requirement?: string
    isNotApplicable?: boolean
    severity?: Severity
    metrics?: Metric[]
    boots?: BootRecord[]
    pulls?: PullRecord[]
  }
}
