import type { RequirementResult } from '../../model/result.ts'
import { isDecidingFailure } from '../../report/judge.ts'
import { failFastReason } from '../../report/not-run.ts'
import type { JudgedImage } from './image-states.ts'

/** With `--fail-fast`, remembers the first failure that decides; without it, nothing ends a run early. */
export class FailFast {
  readonly #isAsked: boolean
  #reason: string | undefined

  constructor(isAsked: boolean) {
    this.#isAsked = isAsked
  }

  /** Takes results of an image. Its waivers hold, and are not thereby used. */
  see({ label, waiverBook }: Pick<JudgedImage, 'label' | 'waiverBook'>, results: readonly RequirementResult[]): void {
    if (!this.#isAsked || this.#reason !== undefined) return
    const failed = waiverBook.unused().apply(results).find(isDecidingFailure)
    if (failed) this.#reason = failFastReason(failed.id, label)
  }

  /** Why nothing more is run; undefined while the run goes on. */
  get reason(): string | undefined {
    return this.#reason
  }
}
