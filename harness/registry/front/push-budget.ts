import { pipeline, type Readable, Transform } from 'node:stream'

/** What all pushes through one front may write together: the guest is untrusted and the registry's disk is the host's. */
const maxPushBytes = 2 * 1024 ** 3

/** A client pushed more than it may. */
export class PushBudgetSpent extends Error {
  override readonly name = 'PushBudgetSpent'
}

export class PushBudget {
  #leftBytes: number

  constructor(limitBytes = maxPushBytes) {
    this.#leftBytes = limitBytes
  }

  /** The same bytes; the stream fails as soon as the budget is used up or its source ends early. */
  meter(source: Readable): Readable {
    const metered = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        this.#leftBytes -= chunk.length
        if (this.#leftBytes < 0) done(new PushBudgetSpent('More was pushed through this front than it lets through.'))
        else done(null, chunk)
      },
    })
    pipeline(source, metered, (error) => error && metered.destroy(error))
    return metered
  }
}
