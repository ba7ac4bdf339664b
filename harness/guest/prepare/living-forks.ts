import type { GuestPlan } from '../../machine/guest-plan.ts'
import type { RunningGuest } from '../../machine/start-guest.ts'
import type { Lifetime } from '../../platform/process/lifetime.ts'

interface LivingFork {
  machine: RunningGuest
  plan: GuestPlan
}

const living: LivingFork[] = []

/** Remembers a fork of this process until its lifetime ends. */
export function noteFork(fork: LivingFork, lifetime: Lifetime): void {
  living.push(fork)
  lifetime.defer(() => {
    living.splice(living.indexOf(fork), 1)
  })
}

/** The fork that was started last and whose lifetime has not ended: the guest of the test that runs. */
export const newestFork = (): LivingFork | undefined => living.at(-1)
