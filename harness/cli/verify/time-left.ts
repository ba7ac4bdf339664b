import type { ArchitectureName } from '../../model/architecture.ts'
import type { AnswerHistory } from '../../run/answer-history.ts'

/** With less known of earlier runs than this, what is expected would be a guess. */
const leastKnownShare = 0.8
/** From this share on, the pace of this run is surer than that of earlier ones. */
const pacedShare = 0.1

/** When tests will have ended, by what they took in earlier runs on this machine and the pace of this one. */
export class TimeLeft {
  readonly #expectedMs = new Map<string, number>()
  readonly #totalMs: number
  readonly #jobs: number
  readonly #now: () => number
  readonly #startedMs: number
  #leftMs: number

  constructor(
    history: Pick<AnswerHistory, 'expectedMs'>,
    asked: readonly { arch: ArchitectureName; id: string }[],
    jobs: number,
    now = () => performance.now(),
  ) {
    for (const { arch, id } of asked) {
      const expectedMs = history.expectedMs(arch, id)
      if (expectedMs !== undefined) this.#expectedMs.set(`${arch} ${id}`, expectedMs)
    }
    const isKnown = this.#expectedMs.size >= leastKnownShare * asked.length
    this.#totalMs = isKnown ? [...this.#expectedMs.values()].reduce((sum, ms) => sum + ms, 0) : 0
    this.#leftMs = this.#totalMs
    this.#jobs = jobs
    this.#now = now
    this.#startedMs = now()
  }

  answered(arch: ArchitectureName, id: string): void {
    const key = `${arch} ${id}`
    this.#leftMs -= this.#expectedMs.get(key) ?? 0
    this.#expectedMs.delete(key)
  }

  /** Such as `about 12 min left`; undefined where too little is known, or nothing is left. */
  get text(): string | undefined {
    if (this.#totalMs === 0 || this.#leftMs <= 0) return undefined
    return `about ${Math.ceil(((this.#leftMs / this.#jobs) * this.#pace) / 60_000)} min left`
  }

  /** How much longer this run takes than earlier ones. */
  get #pace(): number {
    const doneMs = this.#totalMs - this.#leftMs
    return doneMs < pacedShare * this.#totalMs ? 1 : ((this.#now() - this.#startedMs) * this.#jobs) / doneMs
  }
}
