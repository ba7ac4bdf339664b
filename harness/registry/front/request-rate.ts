/** Seconds whose requests may come at once. */
const burstSeconds = 10

/** Lets so many requests through in a second for long, and those of ten seconds at once (a token bucket). */
export class RequestRate {
  readonly #perSecond: number
  #left: number
  #seenMs: number

  constructor(perSecond: number, nowMs = performance.now()) {
    this.#perSecond = perSecond
    this.#left = perSecond * burstSeconds
    this.#seenMs = nowMs
  }

  /** Whether one more is let through. */
  take(nowMs = performance.now()): boolean {
    const earned = ((nowMs - this.#seenMs) / 1000) * this.#perSecond
    this.#left = Math.min(this.#perSecond * burstSeconds, this.#left + earned)
    this.#seenMs = nowMs
    if (this.#left < 1) return false
    this.#left -= 1
    return true
  }
}
