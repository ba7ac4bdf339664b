import { type CertificateKind, issueFrontCertificate, type RunAuthority } from './certificate/run-authority.ts'
import type { Fault } from './fault/fault.ts'
import { guestBounds } from './front/front-bounds.ts'
import { openFront } from './front/open-front.ts'
import type { RegistryRequest } from './front/request-log.ts'
import type { Upstream } from './upstream.ts'

/** All that a process of the run needs to open a front: plain data that survives `structuredClone` and JSON. */
export interface RegistryCoordinates {
  upstream: Upstream
  authority: RunAuthority
}

export interface GuestFrontOptions {
  faults?: readonly Fault[]
  /** What it presents; `trusted` where left out. */
  certificate?: CertificateKind
}

/** A TLS door to the registry for one guest, or for several that share its faults and its log. */
export interface GuestFront {
  /** TCP port on 127.0.0.1. */
  tlsPort: number
  requests(): RegistryRequest[]
  inject(fault: Fault): () => void
  close(): Promise<void>
}

/** Opens a TLS front. Whoever opens it closes it; it dies with its process at the latest. */
export async function openGuestFront(
  coordinates: RegistryCoordinates,
  options: GuestFrontOptions = {},
): Promise<GuestFront> {
  const front = await openFront({
    upstream: coordinates.upstream,
    certificate: await issueFrontCertificate(coordinates.authority, options.certificate ?? 'trusted'),
    faults: options.faults ?? [],
    bounds: guestBounds,
  })
  return { tlsPort: front.port, requests: front.requests, inject: front.inject, close: front.close }
}
