import type { ConsoleLine } from './guest-console.ts'

/** What a line costs beside its characters: an object, a number and a string of V8, rounded up. */
const lineBytes = 100

export interface KeptBounds {
  /** The start, in which all answers stand: a store of 50 MB in base64 fits. */
  headBytes: number
  /** The end, which shows how it came out. */
  tailBytes: number
  /** Lines between the two that mean something. */
  markedBytes: number
}

const defaultBounds: KeptBounds = {
  headBytes: 128 * 1024 * 1024,
  tailBytes: 16 * 1024 * 1024,
  markedBytes: 4 * 1024 * 1024,
}

/** Markers of the contract, sections of our own and errors of the initramfs: what somebody looks for. */
const marked = /^(?:===\w|@@|ERROR:)/

/** The lines of a console without end: all of them within a budget, else the start, what is marked, and the end. */
export class KeptLines {
  readonly #bounds: KeptBounds
  readonly #head: ConsoleLine[] = []
  readonly #marked: ConsoleLine[] = []
  #tail: ConsoleLine[] = []
  /** Lines of the tail that have gone already; removed in one go now and then. */
  #tailStart = 0
  #leftOut = 0
  readonly #costs = { head: 0, tail: 0, marked: 0 }

  constructor(bounds = defaultBounds) {
    this.#bounds = bounds
  }

  add(line: ConsoleLine): void {
    const cost = costOf(line)
    if (this.#tail.length === 0 && this.#costs.head + cost <= this.#bounds.headBytes) {
      this.#head.push(line)
      this.#costs.head += cost
      return
    }
    this.#tail.push(line)
    this.#costs.tail += cost
    while (this.#costs.tail > this.#bounds.tailBytes) this.#leaveOut(this.#tail[this.#tailStart++] as ConsoleLine)
    if (this.#tailStart > 10_000 && this.#tailStart > this.#tail.length / 2) {
      this.#tail = this.#tail.slice(this.#tailStart)
      this.#tailStart = 0
    }
  }

  /** The lines that are kept, with one in place of those that are not. */
  all(): readonly ConsoleLine[] {
    if (this.#tail.length === 0) return this.#head
    const tail = this.#tail.slice(this.#tailStart)
    if (this.#leftOut === 0) return [...this.#head, ...tail]
    const atMs = this.#head.at(-1)?.atMs ?? 0
    const text = `[${this.#leftOut} lines of this console are left out here: it printed more than is kept]`
    return [...this.#head, { text, atMs }, ...this.#marked, ...tail]
  }

  #leaveOut(line: ConsoleLine): void {
    const cost = costOf(line)
    this.#costs.tail -= cost
    if (marked.test(line.text) && this.#costs.marked + cost <= this.#bounds.markedBytes) {
      this.#marked.push(line)
      this.#costs.marked += cost
    } else this.#leftOut++
  }
}

/** A character takes two bytes where any of its line is beyond Latin-1. */
const costOf = ({ text }: ConsoleLine): number => lineBytes + 2 * text.length
