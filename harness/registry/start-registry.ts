import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Lifetime } from '../platform/process/lifetime.ts'
import type { Workloads } from '../workloads/make-workloads.ts'
import { pushWorkloads } from '../workloads/push-workloads.ts'
import type { Backend } from './backend/backend.ts'
import { startContainerBackend } from './backend/container-backend.ts'
import { useExistingRegistry } from './backend/existing-backend.ts'
import { startProcessBackend } from './backend/process-backend.ts'
import { ensureAuthority } from './certificate/run-authority.ts'
import type { Fault } from './fault/fault.ts'
import { openFront } from './front/open-front.ts'
import type { RegistryRequest } from './front/request-log.ts'
import {
  type GuestFront,
  type GuestFrontOptions,
  openGuestFront,
  type RegistryCoordinates,
} from './open-guest-front.ts'
import { ensureStockedStorage } from './stocked-storage.ts'

export interface RegistryOptions {
  /** `process`, `testcontainers`, or the address of a registry that exists. */
  mode: string
  /** Image for `testcontainers`; without it one is made of this machine's docker-registry. */
  registryImage?: string
  /** What the registry has from the start; empty where left out. */
  workloads?: Workloads
  /** This run's temporary folder. */
  folder: string
  lifetime: Lifetime
}

/** A registry that answers, with this run's doors to it. */
export interface RunningRegistry {
  /** TCP port on 127.0.0.1, plain HTTP, for clients on this machine. */
  plainPort: number
  /** TCP port on 127.0.0.1, TLS: where the guest's forward leads. */
  tlsPort: number
  /** Path of the authority's certificate, a PEM file named `*.crt`. */
  certificateAuthority: string
  /** Folder with that file alone, for the 9p share of authorities. */
  caFolder: string
  /** What it is, for messages and the report. */
  description: string
  /** Plain data with which any process of the run opens fronts of its own. */
  coordinates: RegistryCoordinates
  /** What came in by the TLS port, oldest first. */
  requests(): RegistryRequest[]
  /** Lets a fault meet requests on the TLS port until the returned function is called. */
  inject(fault: Fault): () => void
  /** Opens one more TLS port, with faults and a log of its own; closed by its user, or at the end of the run. */
  openFront(options?: GuestFrontOptions): Promise<GuestFront>
}

/**
 * Starts the registry and its two doors, with the workloads in it; the run's lifetime ends them. Throws
 * EnvironmentFault where it does not start.
 */
export async function startRegistry(options: RegistryOptions): Promise<RunningRegistry> {
  const folder = join(options.folder, 'registry')
  // Not what is above it: a run that was ended meanwhile has removed its folder, which would come about again.
  await mkdir(folder)
  const authority = await ensureAuthority()
  const backend = await startBackend(options, folder)
  options.lifetime.defer(() => backend.stop())
  const coordinates = { upstream: backend.upstream, authority }
  const plain = await openFront({ upstream: backend.upstream })
  options.lifetime.defer(() => plain.close())
  const { workloads } = options
  const names = workloads?.images.map(({ name }) => name) ?? []
  if (workloads) await pushWorkloads(workloads, { plainPort: plain.port }, names)
  const tls = await openGuestFront(coordinates)
  options.lifetime.defer(() => tls.close())
  return {
    plainPort: plain.port,
    tlsPort: tls.tlsPort,
    certificateAuthority: authority.certificatePath,
    caFolder: authority.caFolder,
    description: backend.description,
    coordinates,
    requests: () => tls.requests(),
    inject: (fault) => tls.inject(fault),
    openFront: (front = {}) => openFrontOfRun(coordinates, front, options.lifetime),
  }
}

async function openFrontOfRun(coordinates: RegistryCoordinates, options: GuestFrontOptions, lifetime: Lifetime) {
  const front = await openGuestFront(coordinates, options)
  return { ...front, close: lifetime.defer(() => front.close()) }
}

const backends: Record<string, (options: RegistryOptions, folder: string) => Promise<Backend>> = {
  process: async ({ workloads }, folder) =>
    startProcessBackend(folder, workloads && (await ensureStockedStorage(workloads, folder))),
  testcontainers: ({ registryImage }, folder) => startContainerBackend(folder, registryImage),
}

function startBackend(options: RegistryOptions, folder: string): Promise<Backend> {
  const start = backends[options.mode]
  return start ? start(options, folder) : useExistingRegistry(options.mode)
}
