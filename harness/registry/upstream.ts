import { type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { pipeline, type Readable } from 'node:stream'

/** The registry behind the fronts. Plain data, so that worker processes of the run can open fronts of their own. */
export interface Upstream {
  at: { socketPath: string } | { origin: string }
  /** Put before every repository, so that a registry that is not ours alone keeps its own names. Empty for ours. */
  repositoryPrefix: string
  /** `Authorization` header, where the registry wants one. */
  authorization?: string
}

export interface UpstreamCall {
  method: string
  /** Path and query. */
  path: string
  headers: IncomingHttpHeaders
  body?: Readable
}

/** Longest silence of the registry; a commit of a 64 MiB layer takes under 2 s on a loaded machine. */
const silenceMs = 60_000
/** A registry with an object store sends a client there by one redirect for each blob. */
const maxRedirects = 3

/**
 * Sends one request and returns the answer as soon as its headers are there. Redirects to another host (307, as
 * registries with an object store answer for blobs) are followed here, since a closed guest could not.
 */
export async function askUpstream(upstream: Upstream, call: UpstreamCall): Promise<IncomingMessage> {
  let answer = await send(upstream, call)
  if ('socketPath' in upstream.at) return answer
  let origin = upstream.at.origin
  const isRead = call.method === 'GET' || call.method === 'HEAD'
  for (let count = 0; count < maxRedirects; count++) {
    const to = isRead ? elsewhere(answer, origin) : undefined
    if (!to) return answer
    answer.resume()
    origin = to.origin
    answer = await send({ at: { origin }, repositoryPrefix: '' }, { ...call, path: to.pathname + to.search })
  }
  return answer
}

function elsewhere(answer: IncomingMessage, origin: string): URL | undefined {
  const { location } = answer.headers
  if (answer.statusCode !== 307 || location === undefined) return undefined
  const to = new URL(location, origin)
  return to.origin === origin ? undefined : to
}

/**
 * Each request has a connection of its own, closed by us: a kept one may be closed by the registry just as it is used
 * again, and a registry told to close would do so before the end of a request is written (EPIPE, the answer lost).
 */
function send({ at, authorization }: Upstream, call: UpstreamCall): Promise<IncomingMessage> {
  const target = 'socketPath' in at ? undefined : new URL(call.path, at.origin)
  const request = target?.protocol === 'https:' ? requestHttps : requestHttp
  const options = {
    method: call.method,
    headers: {
      ...call.headers,
      host: target?.host ?? 'registry',
      connection: 'keep-alive',
      ...(authorization ? { authorization } : {}),
    },
    agent: false as const,
    timeout: silenceMs,
    ...('socketPath' in at ? { socketPath: at.socketPath, path: call.path } : {}),
  }
  return new Promise((resolve, reject) => {
    const outgoing = target ? request(target, options) : request(options)
    outgoing.once('response', resolve)
    outgoing.once('timeout', () =>
      outgoing.destroy(new Error(`The registry was silent for ${silenceMs / 1000} s on ${call.method} ${call.path}.`)),
    )
    outgoing.on('error', reject)
    // The reason of a body that fails, before the broken connection that follows from it.
    call.body?.once('error', reject)
    if (call.body) pipeline(call.body, outgoing, () => {})
    else outgoing.end()
  })
}
