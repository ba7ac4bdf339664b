import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { Readable, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { namespaceOf } from '../served-names.ts'
import { askUpstream, type Upstream, type UpstreamCall } from '../upstream.ts'
import { type PushBudget, PushBudgetSpent } from './push-budget.ts'
import { clientLocation, type RegistryTarget } from './registry-target.ts'
import type { RegistryRequest } from './request-log.ts'

/** How an answer of the registry is changed on its way to the client. */
interface AnswerShape {
  headers?: (headers: OutgoingHttpHeaders) => OutgoingHttpHeaders
  /** Made anew for each answer; the body runs through them in order. */
  body?: () => Transform[]
}

/** One request at a front, with the two ways to answer it: by the front itself or by the registry. */
export interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  /** Undefined for an address outside the registry's grammar. */
  target: RegistryTarget | undefined
  entry: RegistryRequest
  answer(status: number, headers: OutgoingHttpHeaders, body: string): Promise<void>
  forward(shape?: AnswerShape): Promise<void>
}

export interface ExchangeParts {
  upstream: Upstream
  budget: PushBudget
  request: IncomingMessage
  response: ServerResponse
  target: RegistryTarget | undefined
  entry: RegistryRequest
  /** The most that is read of a body which the registry does not get. */
  unwantedBytes: number
}

export function openExchange(parts: ExchangeParts): Exchange {
  const { upstream, request, response, target, entry, unwantedBytes } = parts
  const send = async (body: Readable, transforms: Transform[]): Promise<void> => {
    const last = transforms.at(-1) ?? body
    last.on('data', (chunk: Buffer) => {
      entry.bytes += chunk.length
    })
    await pipeline([body, ...transforms, response])
  }
  return {
    request,
    response,
    target,
    entry,
    async answer(status, headers, body) {
      dropBody(request, unwantedBytes)
      response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
      await send(Readable.from(request.method === 'HEAD' || body === '' ? [] : [Buffer.from(body)]), [])
    },
    async forward(shape = {}) {
      if (!target) throw new Error(`${entry.path} is not a registry address.`)
      const answer = await askedUpstream(parts, target)
      const headers = answerHeaders(
        answer.headers,
        upstream.repositoryPrefix + (namespaceOf(request.headers.host) ?? ''),
      )
      response.writeHead(answer.statusCode ?? 502, shape.headers?.(headers) ?? headers)
      await send(answer, shape.body?.() ?? [])
    },
  }
}

/** Reads what a client goes on to send, so that it comes to read its answer; one that sends without an end is cut. */
function dropBody(request: IncomingMessage, maxBytes: number): void {
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > maxBytes) request.destroy()
  })
}

/** The registry's answer. A registry that gives none is noted, unless it was the client who left. */
async function askedUpstream({ upstream, request, entry, budget }: ExchangeParts, target: RegistryTarget) {
  try {
    return await askUpstream(upstream, upstreamCall(request, target, budget))
  } catch (error) {
    if (!request.errored && !(error instanceof PushBudgetSpent)) entry.registryError = (error as Error).message
    throw error
  }
}

/** Headers of one connection, never passed on (RFC 9110, 7.6.1). */
const connectionHeaders = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]
/** A client's login is meant for the front; the registry's own is added on the way to it. */
const withheldFromRegistry = [...connectionHeaders, 'expect', 'authorization', 'host']

const withoutHeaders = (headers: IncomingHttpHeaders, names: readonly string[]): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)))

function upstreamCall(request: IncomingMessage, target: RegistryTarget, budget: PushBudget): UpstreamCall {
  const hasBody = request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined
  return {
    method: request.method ?? 'GET',
    path: target.upstreamPath,
    headers: withoutHeaders(request.headers, withheldFromRegistry),
    ...(hasBody ? { body: budget.meter(request) } : {}),
  }
}

function answerHeaders(headers: IncomingHttpHeaders, prefix: string): OutgoingHttpHeaders {
  const { location, ...rest } = withoutHeaders(headers, connectionHeaders)
  const shown = location === undefined ? undefined : clientLocation(location, prefix)
  return shown === undefined ? rest : { ...rest, location: shown }
}
