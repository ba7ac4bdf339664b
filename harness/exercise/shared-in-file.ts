import { afterAll, onTestFailed } from 'vitest'
import { Lifetime } from '../process/lifetime.ts'
import type { ForkedGuest } from './forked-guest.ts'
import { forkOf, type TemplateName } from './podman-guest.ts'

/**
 * Something that several tests of a file look at and none of them spoils: made when the first test asks for it, so that
 * nothing is made for tests that do not run, and ended behind the last one. All of them see the error if it fails.
 */
export function sharedInFile<T>(make: (lifetime: Lifetime) => Promise<T>): () => Promise<T> {
  const lifetime = new Lifetime()
  afterAll(() => lifetime.end())
  let made: Promise<T> | undefined
  return () => {
    made ??= make(lifetime)
    return made
  }
}

/**
 * Something that several tests of a file use one after another, each leaving it as it was. A test that fails may not
 * have done so: the next one gets a new one.
 */
export function sharedUntilFailure<T>(make: (lifetime: Lifetime) => Promise<T>): () => Promise<T> {
  let current: { lifetime: Lifetime; made: Promise<T> } | undefined
  const end = async (): Promise<void> => {
    const ended = current
    current = undefined
    await ended?.lifetime.end()
  }
  afterAll(end)
  return () => {
    onTestFailed(end)
    if (!current) {
      const lifetime = new Lifetime()
      current = { lifetime, made: make(lifetime) }
    }
    return current.made
  }
}

/** One guest for all tests of a file. */
export const sharedGuest = (name: TemplateName): (() => Promise<ForkedGuest>) =>
  sharedInFile((lifetime) => forkOf(name, lifetime))
