import { performanceRequirements } from '../../suites/performance/requirements.ts'
import type { ArchitectureName } from '../model/architecture.ts'
import type { GuestFault } from '../model/faults.ts'
import type { Finding, Metric, RequirementResult } from '../model/result.ts'
import type { Profile } from '../profile/profile.ts'
import { type Change, changes } from './gate/changes.ts'

/** What came of measuring one image. */
export interface Measured {
  arch: ArchitectureName
  /** All metrics of the image, its size among them. */
  metrics: readonly Metric[]
  /** Missing where none was given. */
  baseline?: readonly Metric[]
  durationMs: number
}

type Answer = Pick<RequirementResult, 'status' | 'findings' | 'evidence'>
type Id = (typeof performanceRequirements)[number]['id']

/** The results of the performance suite for an image that was measured. */
export function judgeMeasurement(measured: Measured, profile: Profile): RequirementResult[] {
  const found = measured.baseline && changes(measured.baseline, measured.metrics, profile.performance.limits)
  const answers: Record<Id, Answer> = {
    'PRF-001': answer([]),
    'PRF-002': answer(budgetFindings(measured, profile)),
    'PRF-003': found ? answer(findingsOf(found, 'slower')) : withoutBaseline,
    'PRF-004': found ? answer(findingsOf(found, 'drifted')) : withoutBaseline,
  }
  return results((id) => answers[id], measured.durationMs)
}

/** The results for an image that did not do what was to be measured. */
export function judgeUnmeasured({ message, evidence }: GuestFault, durationMs: number): RequirementResult[] {
  const failed: Answer = { ...answer([{ message }]), ...(evidence && { evidence }) }
  const unmeasured = skip('Nothing was measured: PRF-001 says why.')
  return results((id) => (id === 'PRF-001' ? failed : unmeasured), durationMs)
}

/** The results for an image that was not booted at all. */
export const judgeNotBooted = (reason: string): RequirementResult[] => results(() => skip(reason), 0)

const skip = (message: string): Answer => ({ status: 'skip', findings: [{ message }] })
const withoutBaseline = skip('There is no baseline: --baseline FILE names one.')
const answer = (findings: Finding[]): Answer => ({ status: findings.length > 0 ? 'fail' : 'pass', findings })

function results(answerOf: (id: Id) => Answer, durationMs: number): RequirementResult[] {
  return performanceRequirements.map(({ id, suite, title, severity, remedy }) => {
    const { status, findings, evidence } = answerOf(id)
    const withRemedy = status === 'fail' ? findings.map((finding) => ({ ...finding, remedy })) : findings
    return { id, suite, title, severity, status, durationMs, findings: withRemedy, ...(evidence && { evidence }) }
  })
}

function budgetFindings({ arch, metrics }: Measured, { performance }: Profile): Finding[] {
  const [instructions] = metrics.find(({ name }) => name === 'exact_boot_instructions')?.samples ?? []
  if (instructions === undefined) throw new Error('A measured boot has no count of instructions.')
  const limit = performance.bootInstructions[arch]
  if (instructions <= limit) return []
  return [{ message: `The boot takes ${grouped(instructions)} instructions; the profile allows ${grouped(limit)}.` }]
}

function findingsOf(found: readonly Change[], judgement: Change['judgement']): Finding[] {
  return found
    .filter((change) => change.judgement === judgement)
    .sort((a, b) => Math.abs(b.percent) - Math.abs(a.percent))
    .map((change) => ({ message: sentence(change) }))
}

function sentence({ metric, unit, before, after, percent }: Change): string {
  const sign = percent > 0 ? '+' : ''
  const whole = metric.endsWith('_wait_ns') ? ' of its phase' : ''
  return `${metric}: ${grouped(before)} before, ${grouped(after)} now, ${unit}: ${sign}${percent.toFixed(2)} %${whole}.`
}

const grouped = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 3 })
