import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { KeyedCertificate } from '../certificate/issue-certificate.ts'
import { type Fault, FaultPlan } from '../fault/fault.ts'
import type { Upstream } from '../upstream.ts'
import { type Exchange, openExchange } from './exchange.ts'
import { defaultBounds, type FrontBounds } from './front-bounds.ts'
import { PushBudget } from './push-budget.ts'
import { registryTarget } from './registry-target.ts'
import { type RegistryRequest, RequestLog } from './request-log.ts'
import { RequestRate } from './request-rate.ts'

/** A listening door to the registry, on this machine's loopback only. */
export interface Front {
  /** TCP port on 127.0.0.1. */
  port: number
  requests(): RegistryRequest[]
  /** Lets a fault meet requests from now on; the returned function ends it. */
  inject(fault: Fault): () => void
  /** Cuts all connections and frees the port. */
  close(): Promise<void>
}

export interface FrontOptions {
  /** The registry; or what gives it when the first request comes, which waits for it. */
  upstream: Upstream | (() => Promise<Upstream>)
  /** Speaks TLS with this certificate, or plain HTTP without one. */
  certificate?: KeyedCertificate
  faults?: readonly Fault[]
  /** Bound on all pushes through this front together, in bytes. */
  pushLimitBytes?: number
  bounds?: FrontBounds
}

/**
 * Longer than clients keep an idle connection (Go's transport: 90 s), so that it is the client who closes: one that
 * sends a push into a connection just closed by the server fails without a second try.
 */
const idleLimitMs = 120_000
/** Opens a front on a free port of the kernel's choice. */
export async function openFront(options: FrontOptions): Promise<Front> {
  const log = new RequestLog()
  const plan = new FaultPlan()
  for (const fault of options.faults ?? []) plan.add(fault)
  const budget = new PushBudget(options.pushLimitBytes)
  const { upstream: given } = options
  const known = async (): Promise<Upstream> => (typeof given === 'function' ? given() : given)
  const bounds = options.bounds ?? defaultBounds
  const rate = new RequestRate(bounds.requestsPerSecond)
  const server = makeServer(options.certificate, bounds, (request, response) => {
    const entry = log.open(request, response)
    cutWhenLong(response, bounds.exchangeMs)
    if (!rate.take()) return refuse(request, response)
    const exchangeAt = (upstream: Upstream): Exchange => {
      const target = registryTarget(request.headers.host, request.url ?? '', upstream.repositoryPrefix)
      return openExchange({ upstream, budget, request, response, target, entry, unwantedBytes: bounds.unwantedBytes })
    }
    void respond(known().then(exchangeAt), response, plan, { die: () => void shut() })
  })
  server.keepAliveTimeout = idleLimitMs
  server.maxConnections = bounds.connections
  server.setTimeout(bounds.silenceMs)
  const shut = shutter(server)
  await listen(server)
  return {
    port: (server.address() as AddressInfo).port,
    requests: () => log.list(),
    inject: (fault) => plan.add(fault),
    close: shut,
  }
}

async function respond(
  opened: Promise<Exchange>,
  response: ServerResponse,
  plan: FaultPlan,
  front: { die(): void },
): Promise<void> {
  try {
    const exchange = await opened
    const fault = plan.take(exchange)
    if (fault) exchange.entry.fault = fault.id
    if (fault) await fault.act(exchange, front)
    else if (exchange.target) await exchange.forward()
    else await exchange.answer(404, {}, 'Not an address of a registry.\n')
  } catch (error) {
    giveUp(response, error)
  }
}

/** A client that left, a fault that cut the answer, or a registry that failed: what was begun is cut, else 502 says why. */
function giveUp(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) response.destroy()
  else
    response.writeHead(502, { 'content-type': 'text/plain', connection: 'close' }).end(`${(error as Error).message}\n`)
}

function cutWhenLong(response: ServerResponse, exchangeMs: number): void {
  const bound = setTimeout(() => response.destroy(), exchangeMs)
  response.once('close', () => clearTimeout(bound))
}

/** As registries refuse a client that asks too much; podman waits and asks again. */
function refuse(request: IncomingMessage, response: ServerResponse): void {
  response
    .writeHead(429, { 'retry-after': '1', connection: 'close' })
    .end('Too many requests.\n', () => request.destroy())
}

function makeServer(
  certificate: KeyedCertificate | undefined,
  { openingMs, headerBytes }: FrontBounds,
  listener: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const options = {
    headersTimeout: openingMs,
    connectionsCheckingInterval: Math.ceil(openingMs / 4),
    maxHeaderSize: headerBytes,
    // The bound on an exchange holds for its request too.
    requestTimeout: 0,
  }
  if (!certificate) return createServer(options, listener)
  const { certificatePem: cert, keyPem: key } = certificate
  return createTlsServer({ ...options, handshakeTimeout: openingMs, cert, key }, listener)
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
}

/** Cuts every connection of a server at once, TLS handshakes under way included, and stops listening. */
function shutter(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>()
  const ended = new Promise<void>((resolve) => server.once('close', resolve))
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return () => {
    server.close()
    for (const socket of sockets) socket.destroy()
    return ended
  }
}
