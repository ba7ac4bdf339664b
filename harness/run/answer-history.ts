import { readFileSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ArchitectureName } from '../model/architecture.ts'
import { median } from '../model/quantities.ts'
import type { RequirementResult } from '../model/result.ts'

/** Durations of an answer that are kept, so that one slow run does not count for long. */
const keptDurations = 5

/** How a requirement was answered in earlier runs on an architecture. */
interface Answer {
  /** The test file that answered, such as `boot/one-shot`. */
  file: string
  /** In milliseconds, the last ones. */
  durations: number[]
  /** Whether the last answer was none that an image should have. */
  failed: boolean
}

/**
 * What earlier runs on this machine took and what failed in them, of whatever images, in a file: it orders tests and expects their end, and
 * decides nothing. A file that cannot be read is an empty one.
 */
export class AnswerHistory {
  readonly #path: string
  readonly #answers: Map<string, Answer>

  constructor(path: string) {
    this.#path = path
    this.#answers = new Map(Object.entries(readAnswers(path)))
  }

  /** Takes the result that a test file gave; one that nothing was run for is none. */
  note(arch: ArchitectureName, file: string, { id, status, durationMs }: RequirementResult): void {
    if (status === 'skip' || status === 'not-applicable') return
    const durations = [...(this.#of(arch, id)?.durations ?? []), Math.round(durationMs)].slice(-keptDurations)
    this.#answers.set(`${arch} ${id}`, { file, durations, failed: status !== 'pass' })
  }

  /** The median of the last durations; undefined where there are none. */
  expectedMs(arch: ArchitectureName, id: string): number | undefined {
    return median(this.#of(arch, id)?.durations ?? [])
  }

  /** What a test file took for these requirements, and whether one of them failed when it was last asked. */
  ofFile(arch: ArchitectureName, file: string, ids: ReadonlySet<string>): { expectedMs: number; failed: boolean } {
    const answers = [...this.#answers].flatMap(([key, answer]) => {
      const [of, id = ''] = key.split(' ')
      return of === arch && answer.file === file && ids.has(id) ? [answer] : []
    })
    return {
      expectedMs: answers.reduce((sum, { durations }) => sum + (median(durations) ?? 0), 0),
      failed: answers.some(({ failed }) => failed),
    }
  }

  /** Writes the file by rename. It is a convenience: a disk that refuses it fails no run. */
  async save(): Promise<void> {
    const growing = `${this.#path}.${process.pid}.part`
    try {
      await mkdir(dirname(this.#path), { recursive: true })
      await writeFile(growing, JSON.stringify(Object.fromEntries(this.#answers)))
      await rename(growing, this.#path)
    } catch {
      // The next run has the order of the tables, and says nothing of it.
    }
  }

  #of(arch: ArchitectureName, id: string): Answer | undefined {
    return this.#answers.get(`${arch} ${id}`)
  }
}

function readAnswers(path: string): Record<string, Answer> {
  try {
    const answers = Object.entries(JSON.parse(readFileSync(path, 'utf8')) as object)
    return Object.fromEntries(answers.filter(([, answer]) => isAnswer(answer)))
  } catch {
    return {}
  }
}

const isAnswer = (value: Partial<Answer> | null): value is Answer =>
  typeof value?.file === 'string' &&
  typeof value.failed === 'boolean' &&
  Array.isArray(value.durations) &&
  value.durations.every((duration) => Number.isFinite(duration) && duration >= 0)
