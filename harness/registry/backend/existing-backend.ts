import { CallFault, EnvironmentFault } from '../../model/faults.ts'
import { askUpstream, type Upstream } from '../upstream.ts'
import type { Backend } from './backend.ts'

/**
 * All that a run stores in a registry of the user lies below this name, and a guest sees nothing else of it. It is the
 * same for every run: blobs that are there already are not sent again, and what is left behind does not grow.
 */
const ownRepositories = 'vpdmn-conformance/'

/**
 * Uses a registry that exists, by `http(s)://[USER:PASSWORD@]HOST[:PORT]`. Throws CallFault for anything else, and
 * EnvironmentFault where the registry does not answer.
 */
export async function useExistingRegistry(address: string): Promise<Backend> {
  const url = registryUrl(address)
  const upstream: Upstream = {
    at: { origin: url.origin },
    repositoryPrefix: ownRepositories,
    ...(url.username === '' ? {} : { authorization: basicAuthorization(url) }),
  }
  await requireAnswer(upstream, url.origin)
  return { upstream, description: url.origin, stop: async () => {} }
}

function registryUrl(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined
  const isRoot = url?.pathname === '/' && url.search === '' && url.hash === ''
  if (!url || !isRoot || !['http:', 'https:'].includes(url.protocol))
    throw new CallFault(
      `"${address}" is not a registry: give process, testcontainers or an address such as https://registry.example:5000.`,
    )
  return url
}

function basicAuthorization({ username, password }: URL): string {
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return `Basic ${Buffer.from(login).toString('base64')}`
}

async function requireAnswer(upstream: Upstream, origin: string): Promise<void> {
  const status = await versionStatus(upstream, origin)
  if (status === 200) return
  throw new EnvironmentFault(
    'E_REGISTRY',
    status === 401
      ? `The registry ${origin} requires a login: give it as ${origin.replace('://', '://USER:PASSWORD@')} (basic authentication).`
      : `${origin} answered GET /v2/ with HTTP ${status}: is it a registry of the OCI distribution specification?`,
  )
}

async function versionStatus(upstream: Upstream, origin: string): Promise<number> {
  try {
    const answer = await askUpstream(upstream, { method: 'GET', path: '/v2/', headers: {} })
    answer.resume()
    return answer.statusCode ?? 0
  } catch (cause) {
    throw new EnvironmentFault('E_REGISTRY', `The registry ${origin} does not answer: ${(cause as Error).message}.`, {
      cause,
    })
  }
}
