import type { IncomingMessage, ServerResponse } from 'node:http'

/** One request as the front saw it. */
export interface RegistryRequest {
  method: string
  /** Host asked, without port. */
  host: string
  /** Path and query as the client sent them. */
  path: string
  /** HTTP status; 0 where none was sent. */
  status: number
  /** Body bytes sent to the client. */
  bytes: number
  /** Whether the whole answer was handed to the client. */
  complete: boolean
  /** The fault that shaped the answer. */
  fault?: string
  /** Why the registry itself gave no answer: a fault of the harness's environment, not of the client. */
  registryError?: string
  /** Milliseconds on CLOCK_MONOTONIC, which all processes of a machine share (clock_gettime(2)). */
  startMs: number
  endMs?: number
}

export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6

/** Bounds the memory a client that asks without end can use, in bytes; a run makes a few thousand requests of 150 characters. */
const maxLogBytes = 32 * 1024 * 1024
/** An entry beside its texts, rounded up. */
const entryBytes = 300
/** The longest addresses of a registry: 255 characters of a name, 135 of a digest, and an upload's state. */
const longestPath = 4096
const longestName = 255

export class RequestLog {
  #entries: RegistryRequest[] = []
  #bytes = 0

  /** Opens an entry that completes itself when the answer ends, whole or cut. */
  open(request: IncomingMessage, response: ServerResponse): RegistryRequest {
    const entry: RegistryRequest = {
      method: request.method ?? '',
      host: (request.headers.host ?? '').slice(0, longestName).replace(/:\d+$/, ''),
      path: (request.url ?? '').slice(0, longestPath),
      status: 0,
      bytes: 0,
      complete: false,
      startMs: monotonicMs(),
    }
    response.once('close', () => {
      entry.status = response.headersSent ? response.statusCode : 0
      entry.complete = response.writableFinished
      entry.endMs = monotonicMs()
    })
    this.#bytes += entryBytes + entry.path.length + entry.host.length
    if (this.#bytes <= maxLogBytes) this.#entries.push(entry)
    return entry
  }

  /** The requests so far, oldest first. */
  list(): RegistryRequest[] {
    return this.#entries.map((entry) => ({ ...entry }))
  }
}
