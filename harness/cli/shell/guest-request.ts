import type { GuestAgent } from '../../guest/guest-agent.ts'
import type { GuestSource } from '../../guest/prepare/prepare-guests.ts'
import type { RunningGuest } from '../../machine/start-guest.ts'
import type { Lifetime } from '../../platform/process/lifetime.ts'
import type { AwaitedRegistry } from './awaited-registry.ts'

export interface OpenGuest {
  machine: RunningGuest
  agent: GuestAgent
}

/** What a guest is opened with, whichever way. */
export interface ShellEnvironment {
  registry: AwaitedRegistry
  folder: string
  lifetime: Lifetime
}

/** All that is known of a guest before it is opened. */
export interface GuestRequest extends GuestSource {
  registry: AwaitedRegistry
  awaiting: (what: string) => void
}
