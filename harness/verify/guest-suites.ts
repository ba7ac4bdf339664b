import type { Run } from './verify-run.ts'

/** The suites asked for that need a guest. */
export const guestSuites = ({ call }: Run) => call.suites.filter((suite) => suite !== 'static')
