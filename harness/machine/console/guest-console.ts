import type { Readable } from 'node:stream'
import { type ConsoleEvent, consoleEvent } from './console-events.ts'
import { KeptLines } from './kept-lines.ts'
import { LineReader } from './line-reader.ts'

/** A longer line is cut into several, so that a console without line ends stays bounded too. */
const maxLineBytes = 1024 * 1024
const maxEvents = 100
/** The kernel cuts its messages there (LOG_LINE_MAX and PREFIX_MAX, kernel/printk/printk.c); what is longer tells of no event. */
const maxMessageLength = 1072

export interface ConsoleLine {
  text: string
  /** Milliseconds from the start of QEMU to the line's end, on the host's monotonic clock. */
  atMs: number
}

type LineListener = (line: ConsoleLine) => void

/** What the guest prints, line by line, with the time of each line and the events that the kernel tells of. */
export class GuestConsole {
  readonly events: ConsoleEvent[] = []
  /** Settles when the console's stream has ended. */
  readonly ended: Promise<void>
  /** Resolves with the first event after which the guest cannot go on; never, if there is none. */
  readonly fatal: Promise<ConsoleEvent>
  #reportFatal: (event: ConsoleEvent) => void = () => {}
  readonly #startedMs = performance.now()
  readonly #listeners = new Set<LineListener>()
  readonly #kept: KeptLines
  readonly #reader = new LineReader(maxLineBytes, (line) => this.#take(line))

  constructor(stream: Readable, kept = new KeptLines()) {
    this.#kept = kept
    this.fatal = new Promise((resolve) => {
      this.#reportFatal = resolve
    })
    stream.on('data', (chunk: Buffer) => this.#reader.take(chunk))
    this.ended = new Promise((resolve) => {
      stream.once('close', () => {
        this.#reader.end()
        resolve()
      })
    })
  }

  /** The complete lines without their line ends; of a console that prints more than is kept, its start, its end and its markers. */
  get lines(): readonly ConsoleLine[] {
    return this.#kept.all()
  }

  /** Calls the listener for every line so far and to come, until the returned function is called. */
  follow(listener: LineListener): () => void {
    for (const line of this.lines) listener(line)
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Resolves with the first line, past or coming, that the test accepts. */
  lineWhere(accepts: (text: string) => boolean): Promise<ConsoleLine> {
    return new Promise((resolve) => {
      let found = false
      const stop = this.follow((line) => {
        if (found || !accepts(line.text)) return
        found = true
        resolve(line)
        queueMicrotask(() => stop())
      })
    })
  }

  /** The last lines, for an error's evidence, with what has been printed of an unfinished one. */
  end(lineCount = 25): string {
    const unfinished = this.#reader.unfinished.toString('utf8')
    const texts = this.lines.slice(-lineCount).map(({ text }) => text)
    return (unfinished ? [...texts, unfinished] : texts).join('\n')
  }

  #take(bytes: Buffer): void {
    const text = withoutCarriageReturns(bytes).toString('utf8')
    const line = { text, atMs: performance.now() - this.#startedMs }
    this.#kept.add(line)
    const event = consoleEvent(text.slice(0, maxMessageLength))
    if (event && this.events.length < maxEvents) this.events.push(event)
    if (event?.severity === 'fatal') this.#reportFatal(event)
    for (const listener of [...this.#listeners]) listener(line)
  }
}

/** The line without those at its end. A pattern for them would try each of a million in the middle of a line. */
function withoutCarriageReturns(line: Buffer): Buffer {
  let end = line.length
  while (line[end - 1] === 13) end--
  return line.subarray(0, end)
}
