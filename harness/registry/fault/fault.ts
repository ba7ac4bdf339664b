import type { Exchange } from '../front/exchange.ts'
import type { RegistryTarget } from '../front/registry-target.ts'

/** Which requests a fault meets; what is left out matches all. */
export interface RequestPattern {
  resource?: RegistryTarget['resource']
  methods?: readonly string[]
  repository?: RegExp
  reference?: RegExp
  /** Anything else: headers, path, state of the fault. */
  when?: (exchange: Exchange) => boolean
}

/** What a fault may do to its front, beyond one exchange. */
export interface FaultyFront {
  /** Cuts every connection and stops listening, as a registry that dies. */
  die(): void
}

/** One misbehaviour of a registry or of the network before it. */
export interface Fault {
  /** kebab-case; shown in the request log, so that a test can see that the fault was met. */
  id: string
  on: RequestPattern
  /** How many matching requests it meets before it is over; without limit where left out. */
  times?: number
  act(exchange: Exchange, front: FaultyFront): Promise<void>
}

function matches(pattern: RequestPattern, exchange: Exchange): boolean {
  const { target, request } = exchange
  return (
    (pattern.resource === undefined || target?.resource === pattern.resource) &&
    (pattern.methods === undefined || pattern.methods.includes(request.method ?? '')) &&
    (pattern.repository === undefined || pattern.repository.test(target?.repository ?? '')) &&
    (pattern.reference === undefined || pattern.reference.test(target?.reference ?? '')) &&
    (pattern.when === undefined || pattern.when(exchange))
  )
}

/** The faults of one front; counts how often each was met. */
export class FaultPlan {
  #rows: { fault: Fault; leftTimes: number }[] = []

  /** Adds a fault behind those there are; the returned function takes it away again. */
  add(fault: Fault): () => void {
    const row = { fault, leftTimes: fault.times ?? Number.POSITIVE_INFINITY }
    this.#rows.push(row)
    return () => {
      this.#rows = this.#rows.filter((other) => other !== row)
    }
  }

  /** The first fault that meets this request, used up by one. */
  take(exchange: Exchange): Fault | undefined {
    const row = this.#rows.find(({ fault, leftTimes }) => leftTimes > 0 && matches(fault.on, exchange))
    if (!row) return undefined
    row.leftTimes -= 1
    return row.fault
  }
}
