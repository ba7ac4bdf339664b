/** What clients of a front may take of it together. */
export interface FrontBounds {
  /** Connections at the same time; more are closed as they come. */
  connections: number
  /** For a handshake, and again for the headers of a first request: a connection on which nothing comes ends. */
  openingMs: number
  headerBytes: number
  /** Without a byte in either direction: a connection on which nothing goes on ends. */
  silenceMs: number
  /** From a request's headers to the end of its answer, however slowly its client sends or reads. */
  exchangeMs: number
  /** Requests in a second for long; ten times as many at once. More are answered by 429. */
  requestsPerSecond: number
  /** Of the body of a request that is not for the registry. */
  unwantedBytes: number
}

/**
 * The guest is untrusted, and slow under emulation: the times are Node's own for headers, half of its for a handshake. All
 * workloads are pushed at once, each blob by a connection of its own. A client keeps a connection for 90 s at most (Go's
 * transport), and a pull makes a dozen requests, of which the largest takes minutes on a loaded machine.
 */
export const defaultBounds: FrontBounds = {
  connections: 512,
  openingMs: 60_000,
  headerBytes: 16 * 1024,
  silenceMs: 180_000,
  exchangeMs: 900_000,
  requestsPerSecond: 1000,
  unwantedBytes: 1024 ** 2,
}

/** podman opens at most six connections for a pull (containers.conf, image_parallel_copies); a dozen guests may share a front. */
export const guestBounds: FrontBounds = { ...defaultBounds, connections: 128, requestsPerSecond: 100 }
