import { namespaceOf } from '../served-names.ts'

/** What a request asks of a registry, by the grammar of the OCI distribution specification 1.1. */
export interface RegistryTarget {
  resource: 'version' | 'manifest' | 'blob' | 'upload' | 'tags' | 'referrers'
  /** As the client names it: without the namespace of the host it asked. Empty for `version`. */
  repository: string
  /** Tag, digest, upload id; empty where the resource has none. */
  reference: string
  /** Path and query on the registry itself. */
  upstreamPath: string
}

// Grammar of repository names, tags and digests: OCI distribution specification 1.1, "Pulling manifests", and image
// specification, "Digests". Names of at most 255 characters (Docker's limit, named there too).
const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const repositoryPattern = new RegExp(`^${component}(?:/${component})*$`)
const tagPattern = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/
const digestPattern = /^sha(?:256:[a-f0-9]{64}|512:[a-f0-9]{128})$/
const uploadPattern = /^[a-zA-Z0-9_=-]{1,512}$/
const maxRepositoryLength = 255

interface Shape {
  resource: RegistryTarget['resource']
  /** Splits what follows `/v2/` into repository and reference. */
  pattern: RegExp
  reference: RegExp
}

const shapes: readonly Shape[] = [
  {
    resource: 'manifest',
    pattern: /^(?<repository>.+)\/manifests\/(?<reference>[^/]+)$/,
    reference: new RegExp(`${tagPattern.source}|${digestPattern.source}`),
  },
  { resource: 'upload', pattern: /^(?<repository>.+)\/blobs\/uploads\/(?<reference>[^/]*)$/, reference: /^$/ },
  { resource: 'upload', pattern: /^(?<repository>.+)\/blobs\/uploads\/(?<reference>[^/]+)$/, reference: uploadPattern },
  { resource: 'blob', pattern: /^(?<repository>.+)\/blobs\/(?<reference>[^/]+)$/, reference: digestPattern },
  { resource: 'tags', pattern: /^(?<repository>.+)\/tags\/list(?<reference>)$/, reference: /^$/ },
  { resource: 'referrers', pattern: /^(?<repository>.+)\/referrers\/(?<reference>[^/]+)$/, reference: digestPattern },
]

/**
 * Reads a request's address. Undefined for a host that is not served and for anything outside the grammar (dot
 * segments, encoded slashes, the catalogue of all repositories): such a request never reaches the registry, which may
 * be the user's own.
 */
export function registryTarget(
  host: string | undefined,
  address: string,
  repositoryPrefix: string,
): RegistryTarget | undefined {
  const namespace = namespaceOf(host)
  if (namespace === undefined) return undefined
  const [path = '', query] = splitOnce(address, '?')
  if (path === '/v2' || path === '/v2/')
    return { resource: 'version', repository: '', reference: '', upstreamPath: '/v2/' }
  if (!path.startsWith('/v2/')) return undefined
  const rest = path.slice('/v2/'.length)
  for (const shape of shapes) {
    const { repository, reference = '' } = shape.pattern.exec(rest)?.groups ?? {}
    if (repository === undefined || !shape.reference.test(reference) || !isRepository(repository)) continue
    const prefix = repositoryPrefix + namespace
    const upstreamPath = `/v2/${prefix}${rest}${query === undefined ? '' : `?${withPrefixedSource(query, prefix)}`}`
    return { resource: shape.resource, repository, reference, upstreamPath }
  }
  return undefined
}

const isRepository = (name: string): boolean => name.length <= maxRepositoryLength && repositoryPattern.test(name)

/** `from` of a cross-repository mount names a repository as the client knows it. */
function withPrefixedSource(query: string, prefix: string): string {
  const parameters = new URLSearchParams(query)
  const source = parameters.get('from')
  if (source === null) return query
  if (isRepository(source)) parameters.set('from', prefix + source)
  else parameters.delete('from')
  return parameters.toString()
}

/**
 * The address to give the client for a `Location` of the registry: relative to the host it asked, without the prefix.
 * Undefined where it leads outside what is served.
 */
export function clientLocation(location: string, prefix: string): string | undefined {
  const { pathname, search } = new URL(location, 'http://registry')
  const inside = `/v2/${prefix}`
  return pathname.startsWith(inside) ? `/v2/${pathname.slice(inside.length)}${search}` : undefined
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}
