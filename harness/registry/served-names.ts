/** A host name the guest may ask, and where its repositories live in the one registry behind it. */
export interface ServedName {
  name: string
  /** Put before every repository of this name, so that an image only on quay.io is not found on docker.io. */
  namespace: string
}

/**
 * Public names that resolve to this run's registry inside the guest. Docker Hub's own hosts: containers/image turns
 * `docker.io` into `registry-1.docker.io` (docker/docker_client.go, `dockerRegistry`), tokens come from
 * `auth.docker.io`, blobs are redirected to `production.cloudflare.docker.com`. `.test` is reserved (RFC 6761).
 */
export const servedNames: readonly ServedName[] = [
  { name: 'docker.io', namespace: '' },
  { name: 'registry-1.docker.io', namespace: '' },
  { name: 'index.docker.io', namespace: '' },
  { name: 'auth.docker.io', namespace: '' },
  { name: 'production.cloudflare.docker.com', namespace: '' },
  { name: 'quay.io', namespace: 'quay.io/' },
  { name: 'cdn01.quay.io', namespace: 'quay.io/' },
  { name: 'registry.test', namespace: 'registry.test/' },
]

/** Names under which clients on this machine reach a front: the push of the workloads and the unit tests. */
export const loopbackNames = ['localhost', '127.0.0.1'] as const

const namespaces = new Map<string, string>([
  ...servedNames.map(({ name, namespace }) => [name, namespace] as const),
  ...loopbackNames.map((name) => [name, ''] as const),
])

/** Namespace of a `Host` header (`name[:port]`, any case); undefined for a name that is not served. */
export function namespaceOf(host: string | undefined): string | undefined {
  return host === undefined ? undefined : namespaces.get(host.toLowerCase().replace(/:\d{1,5}$/, ''))
}
