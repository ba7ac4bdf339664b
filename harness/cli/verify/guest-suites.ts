import type { AskedRun } from './suites-of-image.ts'

/** The suites asked for whose tests need guests of their own; measured boots are a stage by themselves. */
export const guestSuites = ({ options }: AskedRun) =>
  options.suites.filter((suite) => suite !== 'static' && suite !== 'performance')
