import { ForksPoolWorker, type PoolOptions, type PoolRunnerInitializer } from 'vitest/node'
import type { Lifetime } from '../platform/process/lifetime.ts'

/** A process of tests that ends before what its run has made is taken away; none starts behind that. */
class SuiteWorker extends ForksPoolWorker {
  readonly #lifetime: Lifetime
  #end = async (): Promise<void> => {}

  constructor(options: PoolOptions, lifetime: Lifetime) {
    super(options)
    this.#lifetime = lifetime
  }

  override async start(): Promise<void> {
    if (this.#lifetime.hasEnded) return new Promise(() => {})
    await super.start()
    let isGone = false
    this.on('exit', () => {
      isGone = true
    })
    // Vitest waits for ever for one that a signal ended before: it looks at its exit code, of which there is none (ForksPoolWorker, stop).
    this.#end = this.#lifetime.defer(() => (isGone ? Promise.resolve() : super.stop()), 'a process of tests')
  }

  override stop(): Promise<void> {
    return this.#end()
  }
}

/** Vitest's way to run test files in processes, whose processes are the run's. */
export const suitePool = (lifetime: Lifetime): PoolRunnerInitializer => ({
  name: 'suite-workers',
  createPoolWorker: (options) => new SuiteWorker(options, lifetime),
})
