type Ending = () => unknown

/** What must be undone, in reverse order, whichever way the owner ends. Each ending runs once. */
export class Lifetime {
  #endings: Ending[] = []
  #hasEnded = false

  /** Whether the end has begun: what is found out afterwards is a consequence of it, and says nothing. */
  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Registers an ending; the returned function runs it early. */
  defer(ending: Ending): () => Promise<void> {
    this.#endings.push(ending)
    return async () => {
      const index = this.#endings.indexOf(ending)
      if (index < 0) return
      this.#endings.splice(index, 1)
      await ending()
    }
  }

  /** Runs work with a lifetime of its own, which ends behind the work, or earlier with this one. */
  async within<T>(work: (own: Lifetime) => Promise<T>): Promise<T> {
    const own = new Lifetime()
    const end = this.defer(() => own.end())
    try {
      return await work(own)
    } finally {
      await end()
    }
  }

  /** Runs all endings, last first. An ending that throws does not stop the others; the first error is thrown at the end. */
  async end(): Promise<void> {
    this.#hasEnded = true
    const errors: unknown[] = []
    for (let ending = this.#endings.pop(); ending; ending = this.#endings.pop()) {
      try {
        await ending()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw errors[0]
  }
}
