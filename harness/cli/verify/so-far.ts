import type { RequirementResult } from '../../model/result.ts'
import { isDecidingFailure } from '../../report/judge.ts'
import type { JudgedImage } from './image-states.ts'

/** What is known of the images while their guests are still asked. What failed may turn out to have the cause of another failure. */
export class SoFar {
  readonly #expected: number | undefined
  #answered = 0
  #failed = 0
  #broken = 0

  /** `expected` results come beside those that the images have; undefined where nobody knows how many. */
  constructor(images: readonly Pick<JudgedImage, 'requirements'>[], expected: number | undefined) {
    const known = images.flatMap(({ requirements }) => requirements)
    for (const result of known) this.#count(result)
    this.#expected = expected === undefined ? undefined : known.length + expected
  }

  /** Takes a result of an image. Its waivers hold, and are not thereby used. */
  add({ waiverBook }: Pick<JudgedImage, 'waiverBook'>, result: RequirementResult): void {
    for (const judged of waiverBook.unused().apply([result])) this.#count(judged)
  }

  #count(result: RequirementResult): void {
    this.#answered++
    if (isDecidingFailure(result)) this.#failed++
    if (result.status === 'error') this.#broken++
  }

  /** Such as `so far: conforms, 60 of 542`. */
  get text(): string {
    const extent = this.#expected === undefined ? 'are in' : `of ${this.#expected}`
    return `so far: ${this.#verdict}, ${this.#answered} ${extent}`
  }

  get #verdict(): string {
    if (this.#broken > 0) return `no verdict (${this.#broken} not answered)`
    return this.#failed > 0 ? `does not conform (${this.#failed} failed)` : 'conforms'
  }
}
