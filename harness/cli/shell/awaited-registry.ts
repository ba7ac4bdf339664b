import type { Lifetime } from '../../platform/process/lifetime.ts'
import { ensureAuthority, issueFrontCertificate, type RunAuthority } from '../../registry/certificate/run-authority.ts'
import { openFront } from '../../registry/front/open-front.ts'
import type { Upstream } from '../../registry/upstream.ts'

/** Where a guest finds its registry, and by what certificate it trusts it. */
export interface AwaitedRegistry {
  /** TCP port on 127.0.0.1. */
  tlsPort: number
  /** Path of the authority's certificate, a PEM file. */
  certificateAuthority: string
  /** Folder with that file alone. */
  caFolder: RunAuthority['caFolder']
}

export interface RegistryChoice {
  /** `process`, `testcontainers`, or the address of a registry that exists. */
  mode: string
  /** Holds what belongs to it. */
  folder: string
  lifetime: Lifetime
  /** Is told why a registry that a guest awaits did not start; the guest itself only sees HTTP status 502. */
  printError: (reason: string) => void
}

/**
 * A registry whose door is open at once. Behind it the harness's own starts with the first request, which waits for it: who
 * pulls nothing spends no time on it. One that the user chose starts now, since it may not be there. The
 * lifetime ends it.
 */
export async function openAwaitedRegistry(choice: RegistryChoice): Promise<AwaitedRegistry> {
  const authority = await ensureAuthority()
  const upstream = startedOnce(choice)
  if (choice.mode === 'process') upstream.failed.then(choice.printError)
  else await upstream.start()
  const front = await openFront({
    upstream: upstream.start,
    certificate: await issueFrontCertificate(authority, 'trusted'),
  })
  choice.lifetime.defer(() => front.close())
  return { tlsPort: front.port, certificateAuthority: authority.certificatePath, caFolder: authority.caFolder }
}

function startedOnce(choice: RegistryChoice) {
  let started: Promise<Upstream> | undefined
  let fail: (reason: string) => void = () => {}
  const failed = new Promise<string>((resolve) => {
    fail = resolve
  })
  // What is still starting when the lifetime ends is awaited, and ended by what it has put into the lifetime by then.
  choice.lifetime.defer(() => started?.catch(() => {}))
  const start = (): Promise<Upstream> => {
    if (started) return started
    started = startStocked(choice)
    started.catch((error: Error) => fail(error.message))
    return started
  }
  return { start, failed }
}

/** Loaded where it is needed: that takes as long as a guest takes to answer. */
async function startStocked({ mode, folder, lifetime }: RegistryChoice): Promise<Upstream> {
  const { startRegistry } = await import('../../registry/start-registry.ts')
  const { ensureWorkloads } = await import('../../workloads/ensure-workloads.ts')
  const registry = await startRegistry({ mode, folder, lifetime, workloads: await ensureWorkloads() })
  return registry.coordinates.upstream
}
