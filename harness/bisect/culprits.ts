import { CallFault, EnvironmentFault } from '../model/faults.ts'
import { type Change, type Part, partKey } from './change.ts'
import type { ImageDifference } from './image-difference.ts'
import { minimalSet } from './minimal-set.ts'
import type { Trials } from './trials.ts'

/** Why a requirement fails on BAD and not on GOOD. */
export interface Culprits {
  id: string
  /** Sets of changes, each of which makes it fail by itself. */
  causes: readonly Cause[]
  /** Whether BAD without all of them passes; else there are more causes than were looked for. */
  isProven: boolean
  /** Packages, and files of none, that differ. */
  changeCount: number
  /** Trials that this took, those that it shares with other requirements included. */
  trialCount: number
}

interface Cause {
  changes: readonly Change[]
  /** Whether it fails no longer without any one of the changes. */
  isMinimal: boolean
}

/**
 * A cause of more changes of one level than this is not narrowed down further: each takes a logarithm of trials, and a text that was
 * emptied has thousands of lines.
 */
const mostChanges = { packages: 12, filesOf: 6, linesOf: 4 } as const
/** More causes of one failure than this are not told apart. */
const maxCauses = 8

type DividedDifference = Pick<ImageDifference, 'packages' | 'filesOf' | 'linesOf'>

/**
 * Finds the smallest sets of changes that make a requirement fail. `repeats` is how often the ends and the result are judged. Throws
 * CallFault where the two images do not differ in it, EnvironmentFault where an answer is not the same each time.
 */
export async function findCulprits(
  id: string,
  difference: DividedDifference,
  trials: Trials,
  repeats: number,
): Promise<Culprits> {
  const all = difference.packages()
  const search = new Search(id, difference, trials, repeats)
  await search.requireDifference(all)
  const { causes, rest } = await search.causes(all)
  await search.prove(causes, rest)
  const isProven = !(await search.fails(rest))
  return { id, causes, isProven, changeCount: all.length, trialCount: search.trialCount }
}

class Search {
  readonly #id: string
  readonly #difference: DividedDifference
  readonly #trials: Trials
  readonly #repeats: number
  readonly #asked = new Set<string>()
  /** Marks of the findings on BAD; none where findings are not told apart. */
  #marks: ReadonlySet<string> = new Set()

  constructor(id: string, difference: DividedDifference, trials: Trials, repeats: number) {
    this.#id = id
    this.#difference = difference
    this.#trials = trials
    this.#repeats = repeats
  }

  get trialCount(): number {
    return this.#asked.size
  }

  /** Whether the requirement fails on GOOD with these changes, for a reason for which it fails on BAD. */
  async fails(changes: readonly Change[], round = 0): Promise<boolean> {
    const marks = await this.#marksOf(changes, round)
    return marks !== undefined && (this.#marks.size === 0 || marks.some((mark) => this.#marks.has(mark)))
  }

  async #marksOf(changes: readonly Change[], round: number): Promise<readonly string[] | undefined> {
    const parts = partsOf(changes)
    this.#asked.add([...parts.map(partKey).toSorted(), round].join('\n'))
    return (await this.#trials.failures(parts, round))[this.#id]
  }

  async requireDifference(all: readonly Change[]): Promise<void> {
    if (await this.#isStable([])) throw new CallFault(`${this.#id} fails on GOOD too: there is nothing to bisect.`)
    const marks = await this.#marksOf(all, 0)
    if (marks === undefined)
      throw new CallFault(
        `${this.#id} does not fail on GOOD with all files of BAD: there is no difference in verdict, or it lies in how BAD is packed.`,
      )
    this.#marks = new Set(marks)
    await this.#isStable(all)
  }

  /** The answer, if it is the same each time. */
  async #isStable(changes: readonly Change[]): Promise<boolean> {
    const first = await this.fails(changes)
    for (let round = 1; round < this.#repeats; round++)
      if ((await this.fails(changes, round)) !== first)
        throw new EnvironmentFault(
          'E_FLAKY',
          `${this.#id} cannot be bisected: it failed on an image and, asked again, did not fail on the same image.`,
        )
    return first
  }

  /** Sets that make it fail, one after the other until the rest of the changes does not; `rest` is what is in none. */
  async causes(all: readonly Change[]): Promise<{ causes: Cause[]; rest: readonly Change[] }> {
    const causes: Cause[] = []
    let rest = all
    do {
      const found = await this.#smallest(rest)
      causes.push(found.cause)
      rest = found.rest
    } while (causes.length < maxCauses && (await this.#isStable(rest)))
    return { causes, rest }
  }

  /** Packages first, then the files of those, then the lines of the files, unless the cause is too large for that. */
  async #smallest(changes: readonly Change[]): Promise<{ cause: Cause; rest: Change[] }> {
    let { items: set, isMinimal } = await this.#narrow(changes, 'packages')
    let rest = without(changes, set)
    for (const divide of ['filesOf', 'linesOf'] as const) {
      if (!isMinimal) break
      const divided = set.flatMap((change) => this.#difference[divide](change))
      const found = divided.length > set.length ? await this.#narrow(divided, divide) : { items: divided, isMinimal }
      isMinimal = found.isMinimal
      if (!isMinimal) break
      rest = [...rest, ...without(divided, found.items)]
      set = found.items
    }
    return { cause: { changes: set, isMinimal }, rest }
  }

  /** A failure is judged as often as asked before the search follows it: one by chance would lead it astray. */
  #narrow(changes: readonly Change[], level: keyof typeof mostChanges) {
    const happens = async (some: readonly Change[]) => (await this.fails(some)) && this.#isStable(some)
    return minimalSet(changes, happens, mostChanges[level])
  }

  /** Judges the result as often as asked: GOOD with each set, and BAD without them. */
  async prove(causes: readonly Cause[], rest: readonly Change[]): Promise<void> {
    for (const { changes } of causes) await this.#isStable(changes)
    await this.#isStable(rest)
  }
}

const partsOf = (changes: readonly Change[]): Part[] => changes.flatMap(({ parts }) => parts)
const without = (changes: readonly Change[], some: readonly Change[]): Change[] =>
  changes.filter((change) => !some.includes(change))
