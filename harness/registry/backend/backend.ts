import type { Upstream } from '../upstream.ts'

/** A registry that answers, and how it ends. */
export interface Backend {
  upstream: Upstream
  /** For messages and the report, as in `docker-registry (process)`. */
  description: string
  stop(): Promise<void>
}
