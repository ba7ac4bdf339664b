import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { projectFolder } from '../../harness/platform/call-folder.ts'
import type { Lifetime } from '../../harness/platform/process/lifetime.ts'
import { type Child, startChild } from '../../harness/platform/process/start-child.ts'
import type { Outcome } from './judge-mutant.ts'

/** A mutant of the tiny image is judged in a fifth of a second; one that takes this long is never done. */
const judgeTimeoutMs = 30_000
/** What the harness may take for one image, however it is made. */
const maxMemoryBytes = 1024 ** 3

/** What became of one mutant. */
export type Judged = { outcome: Outcome; memoryBytes: number } | { failure: string }

export interface LaneOptions {
  seed: number
  /** Folder of the images that mutants are made of. */
  originals: string
  /** Where the worker may write, and nowhere else. */
  folder: string
  /** The module that judges; tests put one that misbehaves in its place. */
  worker?: string
}

/** A process that judges mutants one after the other, and is replaced when one of them breaks it. */
export class FuzzLane {
  readonly #options: LaneOptions
  readonly #lifetime: Lifetime
  #running: { child: Child; lines: AsyncIterator<string>; reader: Interface; errors: string[] } | undefined

  constructor(options: LaneOptions, lifetime: Lifetime) {
    this.#options = options
    this.#lifetime = lifetime
  }

  async judge(index: number): Promise<Judged> {
    this.#running ??= await this.#start()
    const { child, lines, errors } = this.#running
    child.process.stdin?.write(`${index}\n`)
    const answer = await Promise.race([lines.next(), late(judgeTimeoutMs)])
    if (answer === 'late') return this.#broken(`It was not done within ${judgeTimeoutMs / 1000} s.`)
    if (answer.done) {
      const { exitCode, signal } = await child.ended
      return this.#broken(`The process ended with ${signal ?? `exit code ${exitCode}`}: ${errors.join('').trim()}`)
    }
    const judged = JSON.parse(answer.value) as Judged
    if ('memoryBytes' in judged && judged.memoryBytes > maxMemoryBytes)
      return this.#broken(`It took ${Math.ceil(judged.memoryBytes / 1024 ** 2)} MiB of memory.`)
    return judged
  }

  async end(): Promise<void> {
    await this.#running?.child.kill()
    this.#running?.reader.close()
    this.#running = undefined
  }

  async #broken(failure: string): Promise<Judged> {
    await this.end()
    return { failure }
  }

  async #start() {
    const { seed, originals, folder, worker = join(import.meta.dirname, 'fuzz-worker.ts') } = this.#options
    const args = [...permissions(originals, folder), worker, String(seed), originals, folder]
    const child = await startChild(process.execPath, args, 'pipe', { cwd: folder, env: environment() })
    this.#lifetime.defer(() => child.kill())
    const errors: string[] = []
    child.process.stderr?.on('data', (text: Buffer) => void (errors.length < 100 && errors.push(text.toString())))
    child.process.stdin?.on('error', () => undefined)
    const reader = createInterface({ input: child.process.stdout as NodeJS.ReadableStream })
    return { child, reader, lines: reader[Symbol.asyncIterator](), errors }
  }
}

/** Node refuses the worker all files but the project's, the originals, and to write outside of its folder (Node, "Permissions"). */
const permissions = (originals: string, folder: string): string[] => [
  '--permission',
  ...[projectFolder, originals, folder].map((readable) => `--allow-fs-read=${readable}`),
  `--allow-fs-write=${folder}`,
  '--allow-child-process',
  '--allow-worker',
  '--allow-addons',
  '--disable-warning=SecurityWarning',
]

/** Shells are found by PATH; all else of the environment must not matter. */
const environment = (): NodeJS.ProcessEnv => ({ PATH: process.env.PATH })

function late(timeoutMs: number): Promise<'late'> {
  return new Promise((resolve) => {
    setTimeout(() => resolve('late'), timeoutMs).unref()
  })
}
