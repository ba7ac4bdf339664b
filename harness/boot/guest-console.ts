import type { Readable } from 'node:stream'
import { type ConsoleEvent, consoleEvent } from './console-events.ts'

/** A storage export of a few images in base64 stays well below this; a console that prints more is not answered. */
const maxConsoleBytes = 256 * 1024 * 1024
/** A longer line is cut into several, so that a console without line ends stays bounded too. */
const maxLineBytes = 1024 * 1024
const maxEvents = 100

export interface ConsoleLine {
  text: string
  /** Milliseconds from the start of QEMU to the line's end, on the host's monotonic clock. */
  atMs: number
}

type LineListener = (line: ConsoleLine) => void

/** What the guest prints, line by line, with the time of each line and the events that the kernel tells of. */
export class GuestConsole {
  /** All complete lines, without their line ends. */
  readonly lines: ConsoleLine[] = []
  readonly events: ConsoleEvent[] = []
  /** Settles when the console's stream has ended. */
  readonly ended: Promise<void>
  /** Resolves with the first event after which the guest cannot go on; never, if there is none. */
  readonly fatal: Promise<ConsoleEvent>
  #reportFatal: (event: ConsoleEvent) => void = () => {}
  readonly #startedMs = performance.now()
  readonly #listeners = new Set<LineListener>()
  #partial: Buffer[] = []
  #partialBytes = 0
  #totalBytes = 0

  constructor(stream: Readable) {
    this.fatal = new Promise((resolve) => {
      this.#reportFatal = resolve
    })
    stream.on('data', (chunk: Buffer) => this.#take(chunk))
    this.ended = new Promise((resolve) => {
      stream.once('close', () => {
        if (this.#partialBytes > 0) this.#endLine()
        resolve()
      })
    })
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
    const unfinished = Buffer.concat(this.#partial).toString('utf8')
    const texts = this.lines.slice(-lineCount).map(({ text }) => text)
    return (unfinished ? [...texts, unfinished] : texts).join('\n')
  }

  #take(chunk: Buffer): void {
    this.#totalBytes += chunk.length
    if (this.#totalBytes > maxConsoleBytes) return
    let rest = chunk
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      this.#partial.push(rest.subarray(0, end))
      this.#endLine()
      rest = rest.subarray(end + 1)
    }
    if (rest.length === 0) return
    this.#partial.push(rest)
    this.#partialBytes += rest.length
    if (this.#partialBytes > maxLineBytes) this.#endLine()
  }

  #endLine(): void {
    const text = Buffer.concat(this.#partial).toString('utf8').replace(/\r+$/, '')
    this.#partial = []
    this.#partialBytes = 0
    const line = { text, atMs: performance.now() - this.#startedMs }
    this.lines.push(line)
    const event = consoleEvent(text)
    if (event && this.events.length < maxEvents) this.events.push(event)
    if (event?.severity === 'fatal') this.#reportFatal(event)
    for (const listener of [...this.#listeners]) listener(line)
  }
}
