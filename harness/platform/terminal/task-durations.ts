import { readFileSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { median } from '../../model/quantities.ts'

/** Times of a task that are kept, so that one slow run does not count for long. */
const keptTimes = 5
/** Tasks that are kept; those that ran longest ago go first. */
const keptTasks = 200

/** How long tasks took in earlier runs, in milliseconds by title, in a file. A file that cannot be read is an empty one. */
export class TaskDurations {
  readonly #path: string
  readonly #times: Map<string, number[]>

  constructor(path: string) {
    this.#path = path
    this.#times = new Map(Object.entries(readTimes(path)))
  }

  /** The median of the last times; undefined for a task that never ended. */
  expectedMs(title: string): number | undefined {
    return median(this.#times.get(title) ?? [])
  }

  note(title: string, durationMs: number): void {
    const times = [...(this.#times.get(title) ?? []), Math.round(durationMs)].slice(-keptTimes)
    this.#times.delete(title)
    this.#times.set(title, times)
  }

  /** Writes the file by rename. It is a convenience: a disk that refuses it fails no run. */
  async save(): Promise<void> {
    const growing = `${this.#path}.${process.pid}.part`
    const text = JSON.stringify(Object.fromEntries([...this.#times].slice(-keptTasks)))
    try {
      await mkdir(dirname(this.#path), { recursive: true })
      await writeFile(growing, text)
      await rename(growing, this.#path)
    } catch {
      // The next run expects nothing, and says nothing of it.
    }
  }
}

function readTimes(path: string): Record<string, number[]> {
  try {
    const tasks = Object.entries(JSON.parse(readFileSync(path, 'utf8')) as object)
    return Object.fromEntries(tasks.filter(([, times]) => isTimes(times)))
  } catch {
    return {}
  }
}

const isTimes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((time) => Number.isFinite(time) && time >= 0)
