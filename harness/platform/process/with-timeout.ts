import { EnvironmentFault } from '../../model/faults.ts'

/** Thrown by `withTimeout` when the bound passes first. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError'
}

const noWait = (): number => 0

/**
 * Starts a bound of `timeoutMs` milliseconds on something that may have to wait for a processor, and returns how to ask what is
 * left of it, below zero once it has passed. The time of waiting, as `waitedMs` tells it from now on, does not count. Where the bound
 * has not passed after twice its time, the machine left less than half of that, and nothing is known of what is awaited: asking
 * throws EnvironmentFault.
 */
export function startBound(timeoutMs: number, waitedMs = noWait): () => number {
  const startedMs = performance.now()
  return () => {
    const elapsedMs = performance.now() - startedMs
    const ableMs = elapsedMs - waitedMs()
    if (elapsedMs >= 2 * timeoutMs && ableMs < timeoutMs)
      throw new EnvironmentFault('E_BUSY', busySentence(ableMs, elapsedMs))
    return Math.min(timeoutMs - ableMs, 2 * timeoutMs - elapsedMs)
  }
}

const busySentence = (ableMs: number, elapsedMs: number): string =>
  `The machine was too busy: the guest could run for ${seconds(ableMs)} of ${seconds(elapsedMs)}. Run fewer things at the same time, or lower --jobs.`

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`

/** The promise's value, or TimeoutError when a bound (see `startBound`) has passed. The losing side is left to end by itself. */
export async function withTimeout<T>(timeoutMs: number, promise: Promise<T>, waitedMs = noWait): Promise<T> {
  const leftMs = startBound(timeoutMs, waitedMs)
  let timer: NodeJS.Timeout | undefined
  let isSettled = false
  const bound = new Promise<never>((_, reject) => {
    const look = () => {
      if (isSettled) return
      try {
        const restMs = leftMs()
        if (restMs > 0) arm(restMs)
        else reject(new TimeoutError(`${timeoutMs / 1000} s have passed.`))
      } catch (tooBusy) {
        reject(tooBusy)
      }
    }
    // What came in while this process itself could not run is taken first: sockets are read before setImmediate's turn.
    const arm = (delayMs: number) => {
      timer = setTimeout(() => setImmediate(look), Math.ceil(delayMs))
    }
    arm(timeoutMs)
  })
  try {
    return await Promise.race([promise, bound])
  } finally {
    isSettled = true
    clearTimeout(timer)
  }
}
