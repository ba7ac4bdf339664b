import type { Run } from './verify-run.ts'

/** The suites asked for whose tests need guests of their own; measured boots are a stage by themselves. */
export const guestSuites = ({ options }: Run) =>
  options.suites.filter((suite) => suite !== 'static' && suite !== 'performance')
