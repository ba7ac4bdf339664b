/** A sequence of numbers that looks random and is the same for the same seed (splitmix32, G. Steele et al., OOPSLA 2014). */
export class Random {
  #state: number

  /** Different pairs of numbers begin different sequences. */
  constructor(seed: number, index: number) {
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35)
  }

  /** A whole number from 0 to 2^32 - 1. */
  word(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0
    const first = Math.imul(this.#state ^ (this.#state >>> 16), 0x21f0aaad)
    const second = Math.imul(first ^ (first >>> 15), 0x735a2d97)
    return (second ^ (second >>> 15)) >>> 0
  }

  /** A whole number from 0 to less than the limit. */
  below(limit: number): number {
    return Math.floor((this.word() / 2 ** 32) * limit)
  }

  /** A whole number up to the limit, small ones as often as large ones. */
  size(limit: number): number {
    return Math.floor(2 ** ((this.word() / 2 ** 32) * Math.log2(limit + 1)))
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T
  }
}
