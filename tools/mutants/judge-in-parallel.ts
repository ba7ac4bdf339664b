import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { ArchitectureName } from '../../harness/model/architecture.ts'
import type { Lifetime } from '../../harness/platform/process/lifetime.ts'
import type { ReferenceImages } from './reference-images.ts'

/** A variant to be judged; mutants and harmless variants have no ID in common. */
export interface VariantRequest {
  id: string
  arch: ArchitectureName
}

export interface VariantVerdict {
  failed: string[]
  durationMs: number
}

/** What a worker is told when it starts. */
export interface WorkerTask {
  images: Readonly<Record<ArchitectureName, ReferenceImages>>
  /** A folder of its own. */
  folder: string
}

/** The slowest, which packs 140 MB anew, takes half a minute on a loaded machine. */
const verdictTimeoutMs = 300_000

/**
 * Judges variants in worker threads, so many at a time, each by the static suite; the verdicts come in the order of the requests. Rejects
 * where a variant cannot be made.
 */
export async function judgeInParallel<Request extends VariantRequest>(
  requests: readonly Request[],
  { images, folder, jobs, lifetime }: WorkerTask & { jobs: number; lifetime: Lifetime },
  onVerdict: (request: Request, verdict: VariantVerdict) => void,
): Promise<void> {
  const waiting = [...requests]
  await Promise.all(
    Array.from({ length: Math.min(jobs, requests.length) }, async (_, index) => {
      const task: WorkerTask = { images, folder: join(folder, `worker-${index}`) }
      const worker = new Worker(new URL('./variant-worker.ts', import.meta.url), { workerData: task })
      const stop = lifetime.defer(async () => void (await worker.terminate()))
      try {
        for (let request = waiting.shift(); request !== undefined; request = waiting.shift())
          onVerdict(request, await verdictOf(worker, request))
      } finally {
        await stop()
      }
    }),
  )
}

function verdictOf(worker: Worker, { id, arch }: VariantRequest): Promise<VariantVerdict> {
  return new Promise((resolve, reject) => {
    const refuse = (message: string, cause?: unknown) =>
      settle(() => reject(new Error(`The variant ${id} on ${arch}: ${message}`, { cause })))
    const listeners = {
      message: (verdict: VariantVerdict) => settle(() => resolve(verdict)),
      error: (cause: Error) => refuse(cause.message, cause),
      exit: () => refuse('its worker ended'),
    }
    const timer = setTimeout(() => refuse('no verdict in time'), verdictTimeoutMs)
    const settle = (action: () => void) => {
      clearTimeout(timer)
      for (const [event, listener] of Object.entries(listeners)) worker.off(event, listener)
      action()
    }
    for (const [event, listener] of Object.entries(listeners)) worker.on(event, listener)
    worker.postMessage({ id, arch })
  })
}
