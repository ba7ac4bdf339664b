import type { Requirement } from '../model/requirement.ts'
import type { Finding, RequirementResult } from '../model/result.ts'
import { lookedAt } from '../model/status.ts'
import { matchesPath } from './path-pattern.ts'
import type { Waiver } from './profile-schema.ts'

/** Requirements about the waivers themselves, so that exceptions stay few and current. */
export const waiverRequirements: readonly [Requirement, Requirement] = [
  {
    id: 'WAI-001',
    suite: 'static',
    title: 'No waiver has expired',
    severity: 'error',
    why: 'An exception was agreed until a day that has passed; what it covered counts again.',
    source: 'The waiver file, key expires.',
    remedy: 'Repair what the waiver covers, or renew it with a later date.',
  },
  {
    id: 'WAI-002',
    suite: 'static',
    title: 'Every waiver covers something',
    severity: 'warning',
    why: 'A waiver that matches no finding hides the next defect that it happens to match.',
    source: 'The waiver file, keys id and path.',
    remedy: 'Delete the waiver, or correct its id or path pattern.',
  },
]

/** The waivers of one run. It remembers which were of use, so one book serves all suites of an image. */
export class WaiverBook {
  readonly #waivers: readonly Waiver[]
  readonly #now: Date
  readonly #today: string
  readonly #used = new Set<Waiver>()
  readonly #unansweredIds = new Set<string>()

  constructor(waivers: readonly Waiver[], now = new Date()) {
    this.#waivers = waivers
    this.#now = now
    this.#today = now.toISOString().slice(0, 10)
  }

  /** A book of the same waivers in which none was of use yet. */
  unused(): WaiverBook {
    return new WaiverBook(this.#waivers, this.#now)
  }

  /**
   * A failed requirement whose findings are all waived becomes `waived`, each finding with reason and expiry; of one
   * that is waived in part the other findings remain. What a waived failure blocks stays blocked.
   */
  apply(results: readonly RequirementResult[]): RequirementResult[] {
    for (const { id, status } of results) if (!lookedAt[status]) this.#unansweredIds.add(id)
    return results.map((result) => (result.status === 'fail' ? this.#applyTo(result) : result))
  }

  /**
   * Results of the requirements about waivers, if there are any; `ranIds` are the requirements of this run. Whether a
   * waiver covers something cannot be told where its requirement was not looked at, such as of a blocked one.
   */
  review(ranIds: ReadonlySet<string>): RequirementResult[] {
    if (this.#waivers.length === 0) return []
    const expired = this.#waivers.filter((waiver) => this.#hasExpired(waiver))
    const isAnswered = (id: string) => ranIds.has(id) && !this.#unansweredIds.has(id)
    const unused = this.#waivers.filter((waiver) => !this.#used.has(waiver) && isAnswered(waiver.id))
    const [expiry, use] = waiverRequirements
    return [
      this.#result(expiry, expired, (waiver) => `The waiver of ${waiver.id} expired on ${waiver.expires}`),
      this.#result(use, unused, (waiver) => `The waiver of ${waiver.id} for ${waiver.path} matches nothing`),
    ]
  }

  #result(requirement: Requirement, waivers: Waiver[], say: (waiver: Waiver) => string): RequirementResult {
    const { id, suite, title, severity, remedy } = requirement
    const findings = waivers.map((waiver) => ({ message: `${say(waiver)} (owner ${waiver.owner}).`, remedy }))
    return { id, suite, title, severity, status: findings.length === 0 ? 'pass' : 'fail', durationMs: 0, findings }
  }

  #applyTo(result: RequirementResult): RequirementResult {
    const judged = result.findings.map((finding) => ({ finding, waiver: this.#waiverOf(result.id, finding) }))
    for (const { waiver } of judged) if (waiver) this.#used.add(waiver)
    const open = judged.filter(({ waiver }) => waiver === undefined || this.#hasExpired(waiver))
    if (open.length > 0) return { ...result, findings: open.map(({ finding }) => finding) }
    const findings = judged.map(({ finding, waiver }) => waivedFinding(finding, waiver as Waiver))
    return { ...result, status: 'waived', findings }
  }

  #waiverOf(id: string, finding: Finding): Waiver | undefined {
    const matching = this.#waivers.filter((waiver) => waiver.id === id && matchesPath(waiver.path, finding.path ?? '/'))
    return matching.find((waiver) => !this.#hasExpired(waiver)) ?? matching[0]
  }

  #hasExpired(waiver: Waiver): boolean {
    return waiver.expires < this.#today
  }
}

const waivedFinding = (finding: Finding, waiver: Waiver): Finding => ({
  ...finding,
  message: `${finding.message} Waived until ${waiver.expires} by ${waiver.owner}: ${waiver.reason}`,
})
