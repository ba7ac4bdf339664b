type Act = () => unknown

interface Ending {
  act: Act
  /** What is undone, for the middle of a sentence. */
  name: () => string | undefined
}

/** What is done first when a signal ends the owner; returns what to tell of it. */
type Farewell = (signal: string) => Promise<string | undefined>

/** What must be undone, in reverse order, whichever way the owner ends. Each ending runs once. */
export class Lifetime {
  #endings: Ending[] = []
  #hasEnded = false
  #current: Ending | undefined
  readonly #farewells: Farewell[] = []

  /** What is being undone right now; undefined where nothing is, or what it is has no name. */
  get awaited(): string | undefined {
    return this.#current?.name()
  }

  /** Whether the end has begun: what is found out afterwards is a consequence of it, and says nothing. */
  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Registers an ending, with a name for whoever waits for it; the returned function runs it early. */
  defer(act: Act, name: string | (() => string | undefined) = () => undefined): () => Promise<void> {
    const ending: Ending = { act, name: typeof name === 'string' ? () => name : name }
    this.#endings.push(ending)
    return async () => {
      const index = this.#endings.indexOf(ending)
      if (index < 0) return
      this.#endings.splice(index, 1)
      await ending.act()
    }
  }

  /** Registers what a signal is to do while all that was made is still there. */
  onInterrupt(farewell: Farewell): void {
    this.#farewells.push(farewell)
  }

  /** Begins the end because of a signal, and returns sentences on what that did. `end` undoes the rest. */
  async interrupt(signal: string): Promise<string[]> {
    this.#hasEnded = true
    const told = await Promise.all(this.#farewells.map((farewell) => farewell(signal)))
    return told.filter((sentence) => sentence !== undefined)
  }

  /** Runs work with a lifetime of its own, which ends behind the work, or earlier with this one. */
  async within<T>(work: (own: Lifetime) => Promise<T>): Promise<T> {
    const own = new Lifetime()
    const end = this.defer(
      () => own.end(),
      () => own.awaited,
    )
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
      this.#current = ending
      try {
        await ending.act()
      } catch (error) {
        errors.push(error)
      }
    }
    this.#current = undefined
    if (errors.length > 0) throw errors[0]
  }
}
