import { inject } from 'vitest'
import type { PodmanCoordinates, PreparedTemplates } from '../guest/prepare/coordinates.ts'
import { type ForkedGuest, forkGuest } from '../guest/prepare/forked-guest.ts'
import { EnvironmentFault, GuestFault, sharedFault } from '../model/faults.ts'
import type { Lifetime } from '../platform/process/lifetime.ts'
import { type GuestFront, type GuestFrontOptions, openGuestFront } from '../registry/open-guest-front.ts'

export type TemplateName = keyof PreparedTemplates

/** The requirements that are about a template coming to be at all. */
const templateOwners: Record<TemplateName, string> = { fresh: 'INF-008', pulled: 'PUL-001' }

/** A guest whose registry is behind a front of its own, with faults and a request log that no other guest meets. */
export interface GuestWithFront {
  guest: ForkedGuest
  front: GuestFront
}

/** What was prepared for this suite. Throws EnvironmentFault where nothing was. */
export function podmanCoordinates(): PodmanCoordinates {
  const { podman } = inject('coordinates')
  if (!podman) throw new EnvironmentFault('No templates and no registry were made for this suite.')
  return podman
}

/** Forks a prepared template; throws GuestFault where the image did not come to be one. */
export function forkOf(
  name: TemplateName,
  lifetime: Lifetime,
  tlsPort = podmanCoordinates().registry.tlsPort,
): Promise<ForkedGuest> {
  const prepared = podmanCoordinates().templates[name]
  if ('fault' in prepared) {
    const { message, evidence } = prepared.fault
    throw sharedFault(new GuestFault(message, evidence), `template ${name}`, templateOwners[name])
  }
  const { runFolder } = inject('coordinates')
  return forkGuest({ template: prepared.template, tlsPort, runFolder }, lifetime)
}

/** Forks a prepared template behind a front of its own. */
export async function forkWithFront(
  name: TemplateName,
  options: GuestFrontOptions,
  lifetime: Lifetime,
): Promise<GuestWithFront> {
  const front = await openGuestFront(podmanCoordinates().registry, options)
  lifetime.defer(() => front.close())
  return { front, guest: await forkOf(name, lifetime, front.tlsPort) }
}
