import type { Requirement } from '../../model/requirement.ts'
import type { RequirementResult } from '../../model/result.ts'
import { WaiverBook } from '../../profile/waivers.ts'
import { type FoldableResult, foldCauses } from '../../run/fold-causes.ts'
import type { JudgedImage } from './image-states.ts'
import { notRunResult } from './not-run-result.ts'

/** What is known of the images of a run that has not ended: how the last stage left them, and each result that came since. */
export class KnownResults {
  #images: readonly JudgedImage[] = []
  /** By the file of the image, which all stages keep. */
  readonly #since = new Map<JudgedImage['image'], FoldableResult[]>()

  /** Takes the images as a stage left them, with all results up to then. */
  settle(images: readonly JudgedImage[]): void {
    this.#images = images
    this.#since.clear()
  }

  /** Takes a result of a stage that goes on. */
  add({ image }: Pick<JudgedImage, 'image'>, result: FoldableResult): void {
    const results = this.#since.get(image)
    if (results === undefined) this.#since.set(image, [result])
    else results.push(result)
  }

  /** The images with what is known; what is asked of one and has no result yet is not run, for this reason. */
  images(askedOf: (image: JudgedImage) => readonly Requirement[], reason: string): JudgedImage[] {
    return this.#images.map((image) => {
      const answered = new Set(image.requirements.map(({ id }) => id))
      const asked = askedOf(image).filter(({ id }) => !answered.has(id))
      const since = this.#results(image, asked)
      const known = new Map(
        image.waiverBook
          .unused()
          .apply(since)
          .map((result) => [result.id, result]),
      )
      return {
        ...image,
        requirements: [...image.requirements, ...asked.map((row) => known.get(row.id) ?? notRunResult(row, reason))],
        // Whether each waiver covers something can be told at the end alone.
        waiverBook: new WaiverBook([]),
      }
    })
  }

  /** In the order of the tables, which tells the cause of those that one fault failed. */
  #results({ image }: JudgedImage, asked: readonly Requirement[]): RequirementResult[] {
    const results = new Map(this.#since.get(image)?.map((result) => [result.id, result]))
    return foldCauses(asked.flatMap(({ id }) => results.get(id) ?? []))
  }
}
