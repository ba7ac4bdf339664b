import { randomUUID } from 'node:crypto'
import { afterAll, onTestFailed } from 'vitest'
import type { ForkedGuest } from '../guest/prepare/forked-guest.ts'
import { GuestFault, sharedFault } from '../model/faults.ts'
import { Lifetime } from '../platform/process/lifetime.ts'
import { forkOf, type TemplateName } from './podman-guest.ts'

/**
 * Something that several tests of a file look at and none of them spoils: made when the first test asks for it, so that
 * nothing is made for tests that do not run, and ended behind the last one. If it fails, all of them meet one fault, which
 * counts once: as a failure of the owner, or of the first of them.
 * @param owner ID of the requirement that is about this being made at all
 */
export function sharedInFile<T>(make: (lifetime: Lifetime) => Promise<T>, owner?: string): () => Promise<T> {
  const key = randomUUID()
  const lifetime = new Lifetime()
  afterAll(() => lifetime.end())
  let made: Promise<T> | undefined
  return () => {
    made ??= make(lifetime).catch((error: unknown) => {
      throw error instanceof GuestFault ? sharedFault(error, key, owner) : error
    })
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
