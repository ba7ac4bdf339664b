import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { readStored, type StoredResult, storedText } from './stored-result.ts'

/** A stored result takes some 200 bytes. */
const maxEntryBytes = 4096

/** Guests have the clock of their host: what held a month ago is asked again. */
const maxAgeMs = 30 * 86_400_000
/** Clocks of two machines differ; more than this is an entry from the future. */
const clockToleranceMs = 5 * 60_000

/** What a store has on a requirement: nothing of use, a result, or a file that is not to be believed. */
export type Lookup = { found: StoredResult } | 'none' | 'damaged'

/** The results of one image under one set of conditions, a file for each requirement. */
export class ResultStore {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** What is known of a requirement under this key. */
  look(id: string, key: string, now = Date.now()): Lookup {
    const text = this.#read(id)
    if (text === undefined) return 'none'
    const found = readStored(text, id)
    const ageMs = now - Date.parse(found?.foundAt ?? '')
    if (found === undefined || !(ageMs >= -clockToleranceMs)) return 'damaged'
    return found.key === key && ageMs <= maxAgeMs ? { found } : 'none'
  }

  /** Keeps a result in the place of an earlier one; it appears by rename, whole or not at all. Throws what the file system does. */
  keep(result: StoredResult): void {
    mkdirSync(this.#folder, { recursive: true })
    const growing = join(this.#folder, `.${result.id}.${process.pid}.part`)
    try {
      writeFileSync(growing, storedText(result))
      renameSync(growing, this.#path(result.id))
    } finally {
      rmSync(growing, { force: true })
    }
  }

  /** Takes away what is not to be believed, where that can be done. */
  discard(id: string): void {
    try {
      rmSync(this.#path(id), { recursive: true, force: true })
    } catch {
      // It is told and not believed again each time.
    }
  }

  #path(id: string): string {
    return join(this.#folder, `${id}.json`)
  }

  /** No link is followed, no pipe awaited, and no more read than an entry takes; what is neither there nor readable is undefined. */
  #read(id: string): string | undefined {
    let file: number
    try {
      file = openSync(this.#path(id), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : ''
    }
    try {
      if (!fstatSync(file).isFile()) return ''
      const content = Buffer.alloc(maxEntryBytes)
      return content.toString('utf8', 0, readSync(file, content, 0, maxEntryBytes, 0))
    } finally {
      closeSync(file)
    }
  }
}
