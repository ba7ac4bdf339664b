import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { notWritten } from '../report/report-folder.ts'

/** What failed on an image: marks of the findings, by the ID of the requirement. */
export type Failures = Readonly<Record<string, readonly string[]>>

/** The file that a bisection goes on from. */
const stateSchema = Type.Object({
  /** Hash of all that the verdicts depend on. */
  key: Type.String(),
  trials: Type.Record(Type.String(), Type.Record(Type.String(), Type.Array(Type.String()))),
})

/** The trials of a bisection, in a file that is replaced as a whole with each of them. */
export class TrialStore {
  readonly #path: string
  readonly #key: string
  readonly #trials: Map<string, Failures>

  /**
   * @param key of all that the verdicts depend on: trials of another are no longer known.
   * @param isFresh forget what was tried before.
   */
  constructor(folder: string, key: string, isFresh: boolean) {
    this.#path = join(folder, 'bisect-state.json')
    this.#key = key
    this.#trials = new Map(isFresh ? [] : Object.entries(readTrials(this.#path, key)))
  }

  get size(): number {
    return this.#trials.size
  }

  get(key: string): Failures | undefined {
    return this.#trials.get(key)
  }

  /** Throws EnvironmentFault where the file cannot be written. */
  add(key: string, failures: Failures): void {
    this.#trials.set(key, failures)
    writeWhole(this.#path, { key: this.#key, trials: Object.fromEntries(this.#trials) })
  }
}

/** Writes JSON under another name first, so that whoever is interrupted leaves the file as it was. */
export function writeWhole(path: string, value: unknown): void {
  try {
    writeFileSync(`${path}.new`, `${JSON.stringify(value, null, 2)}\n`)
    renameSync(`${path}.new`, path)
  } catch (error) {
    throw notWritten(path, error as NodeJS.ErrnoException)
  }
}

/** What was tried under the same conditions; nothing where there is no such file, or another program's. */
function readTrials(path: string, key: string): Record<string, Failures> {
  try {
    const state: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return Value.Check(stateSchema, state) && state.key === key ? state.trials : {}
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
}
