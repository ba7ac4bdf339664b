import { guestRequirements } from '../../suites/requirements.ts'
import { staticRequirements } from '../../suites/static/check-image.ts'
import { falseAlarms, isAsExpected, isKilled, type Outcome } from './outcome.ts'

/** What a whole run of all variants found. */
export interface MutantsReport {
  mutants: (Outcome & { killed: boolean })[]
  equivalents: Omit<Outcome, 'expected'>[]
  /** Requirements on which no mutant of this run failed, though they were among those that it judged by. */
  unkilled: string[]
}

/** A requirement that only informs cannot fail. */
const neverFails = ({ severity }: { severity: string }): boolean => severity === 'info'

export function mutantsReport(outcomes: readonly Outcome[]): MutantsReport {
  const mutants = outcomes.filter(({ expected }) => expected.length > 0)
  const killedIds = new Set(mutants.flatMap((outcome) => outcome.expected.filter((id) => outcome.failed.includes(id))))
  const kinds = new Set(outcomes.map(({ kind }) => kind))
  const candidates = [
    ...(kinds.has('static') ? [...staticRequirements.values()] : []),
    ...(kinds.has('boot') ? guestRequirements : []),
  ]
  return {
    mutants: mutants.map((outcome) => ({ ...outcome, killed: isKilled(outcome) })),
    equivalents: outcomes.filter(({ expected }) => expected.length === 0).map(({ expected: _, ...rest }) => rest),
    unkilled: candidates.filter((each) => !neverFails(each) && !killedIds.has(each.id)).map(({ id }) => id),
  }
}

/** For people: a line for each mutant and what caught it, what went wrong, and the sum; of a whole run also what no mutant killed. */
export function mutantsText(outcomes: readonly Outcome[], isWhole: boolean): string {
  const { mutants, equivalents, unkilled } = mutantsReport(outcomes)
  const killed = mutants.filter((mutant) => mutant.killed)
  const alarmed = outcomes.filter((outcome) => falseAlarms(outcome).length > 0)
  const passed = equivalents.filter(({ failed }) => failed.length === 0)
  return [
    ...outcomes.map(outcomeLine),
    '',
    `${killed.length} of ${mutants.length} mutants killed, ${passed.length} of ${equivalents.length} harmless variants passed, ${alarmed.length} false alarms.`,
    `On average ${averageSeconds(outcomes)} s a variant.`,
    ...(isWhole ? [unkilledLine(unkilled)] : []),
    '',
  ].join('\n')
}

const unkilledLine = (ids: readonly string[]): string =>
  ids.length === 0 ? 'Every requirement is killed by a mutant.' : `No mutant kills ${ids.join(', ')}.`

function outcomeLine(outcome: Outcome): string {
  const { id, arch, expected, failed } = outcome
  const isMutant = expected.length > 0
  const verdict = isMutant
    ? isKilled(outcome)
      ? 'killed  '
      : 'SURVIVED'
    : failed.length === 0
      ? 'passed  '
      : 'ALARM   '
  const by = isMutant && isKilled(outcome) ? ` by ${expected.join(', ')}` : ''
  const missing = expected.filter((requirement) => !failed.includes(requirement))
  const missed = missing.length > 0 ? `; ${missing.join(', ')} did not fail` : ''
  const alarms = falseAlarms(outcome)
  return `${verdict} ${arch.padEnd(8)} ${id}${by}${missed}${alarms.length > 0 ? `; failed without cause: ${alarms.join(', ')}` : ''}`
}

function averageSeconds(outcomes: readonly Outcome[]): string {
  const sumMs = outcomes.reduce((sum, { durationMs }) => sum + durationMs, 0)
  return (sumMs / 1000 / Math.max(outcomes.length, 1)).toFixed(1)
}

/** 1 where a mutant survived or a requirement failed without cause, else 0. */
export const mutantsExitCode = (outcomes: readonly Outcome[]): number => (outcomes.every(isAsExpected) ? 0 : 1)
