import type { GuestPlan } from '../../machine/guest-plan.ts'
import type { RunningGuest } from '../../machine/start-guest.ts'
import type { Lifetime } from '../../platform/process/lifetime.ts'

interface ActiveFork {
  machine: RunningGuest
  plan: GuestPlan
}

const active: ActiveFork[] = []

/** Remembers a fork of this process until its lifetime ends. */
export function noteFork(fork: ActiveFork, lifetime: Lifetime): void {
  active.push(fork)
  lifetime.defer(() => {
    active.splice(active.indexOf(fork), 1)
  })
}

/** The fork that was started last and whose lifetime has not ended: the guest of the test that runs. */
export const newestFork = (): ActiveFork | undefined => active.at(-1)
