import { type EraName, eraNames } from '../model/era.ts'
import { count } from '../model/quantities.ts'
import type { SuiteName } from '../model/requirement.ts'
import type { TestResult } from './statements.ts'

/** What a consumer wants beyond a result that is not FAILED. */
export interface Policy {
  /** The earliest era that does. */
  era?: EraName
  noWaivers: boolean
  /** Nothing may have been found by an earlier run. */
  noReuse: boolean
  maxAgeDays?: number
  /** Each must have been run. */
  suites: readonly SuiteName[]
}

const dayMs = 86_400_000
/** Clocks of two machines differ; more than this is a statement from the future. */
const clockToleranceMs = 5 * 60_000

type Rule = (statement: TestResult['predicate'], policy: Policy, now: Date) => string | undefined

const rules: readonly Rule[] = [
  ({ result, failedTests }) =>
    result === 'FAILED'
      ? `it did not conform: ${failedTests.slice(0, 5).join(', ')} failed or were blocked`
      : undefined,
  ({ configuration: [{ annotations }] }, { era }) =>
    era !== undefined && eraNames.indexOf(annotations.era) < eraNames.indexOf(era)
      ? `it was judged by the era ${annotations.era}, which is before ${era}`
      : undefined,
  ({ configuration: [{ annotations }] }, { noWaivers }) =>
    noWaivers && annotations.waivers.length > 0
      ? `waivers cover ${count(annotations.waivers.length, 'requirement')}: ${annotations.waivers.slice(0, 5).join(', ')}`
      : undefined,
  ({ configuration: [{ annotations }] }, { suites }) => {
    const missing = suites.filter((suite) => !annotations.suites.includes(suite))
    return missing.length > 0 ? `it was not judged by the suite ${missing.join(' and ')}` : undefined
  },
  ({ configuration: [{ annotations }] }, { noReuse }) =>
    noReuse && annotations.reused
      ? `it reuses ${count(annotations.reused.count, 'result')} of earlier runs`
      : undefined,
  // The statement is as old as the oldest result in it.
  ({ configuration: [{ annotations }] }, { maxAgeDays }, now) =>
    ageProblem(annotations.startedAt, maxAgeDays, now) ??
    ageProblem(annotations.reused?.oldest ?? annotations.startedAt, maxAgeDays, now),
]

function ageProblem(startedAt: string, maxAgeDays: number | undefined, now: Date): string | undefined {
  const ageMs = now.getTime() - Date.parse(startedAt)
  if (!(ageMs >= -clockToleranceMs)) return `it says that it was judged at ${startedAt}, which is yet to come`
  if (maxAgeDays === undefined || ageMs <= maxAgeDays * dayMs) return undefined
  return `it was judged at ${startedAt}, more than ${count(maxAgeDays, 'day')} ago`
}

/** What of the policy a statement does not meet, each as the end of a sentence. */
export const unmet = ({ predicate }: TestResult, policy: Policy, now: Date): string[] =>
  rules.flatMap((rule) => rule(predicate, policy, now) ?? [])
