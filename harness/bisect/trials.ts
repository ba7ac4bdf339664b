import { EnvironmentFault } from '../model/faults.ts'
import { cacheKey } from '../platform/cache/cache.ts'
import { type Part, partKey } from './change.ts'
import type { Failures, TrialStore } from './trial-store.ts'

interface TrialBounds {
  /** Trials in all, those of earlier runs included. */
  maxTrials: number
  /** When a last trial may begin, in milliseconds of `performance.now()`. */
  deadlineMs: number
}

export interface TrialTools {
  /** Makes GOOD with these parts of BAD and returns its path. */
  mix: (parts: readonly Part[]) => string
  /** Judges an image. */
  judge: (imagePath: string) => Promise<Failures>
  /** Hears of each trial that begins: how many parts the mixture has of BAD. */
  onTrial: (partCount: number) => void
  /** Names the judge, which tells its trials from those of others. */
  judgeName: string
  store: TrialStore
  bounds: TrialBounds
}

/** Judges mixtures of two images, each once, whichever run asked for it first. */
export class Trials {
  readonly #tools: TrialTools
  constructor(tools: TrialTools) {
    this.#tools = tools
  }

  /**
   * What fails on GOOD with these parts of BAD. Another `round` judges the same again. Throws EnvironmentFault where the
   * bounds are reached.
   */
  async failures(parts: readonly Part[], round = 0): Promise<Failures> {
    const { mix, judge, judgeName, store } = this.#tools
    const key = cacheKey(judgeName, String(round), ...parts.map(partKey).toSorted())
    const known = store.get(key)
    if (known !== undefined) return known
    this.#requireRoom()
    this.#tools.onTrial(parts.length)
    const failures = await judge(mix(parts))
    store.add(key, failures)
    return failures
  }

  #requireRoom(): void {
    const { store, bounds } = this.#tools
    const isLate = performance.now() > bounds.deadlineMs
    if (!isLate && store.size < bounds.maxTrials) return
    const bound = isLate
      ? 'the time of --max-minutes is over'
      : `all ${bounds.maxTrials} trials of --max-trials are made`
    throw new EnvironmentFault(
      'E_BOUND',
      `The bisection is not at its end, but ${bound}: the same call with larger bounds goes on from here.`,
    )
  }
}
