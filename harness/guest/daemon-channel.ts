import type { Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { exitCodeLine, interactiveEnd, interactiveEndMarker, markers } from '../contract/markers.ts'
import { runnerBounds } from '../contract/runner.ts'
import { connectSocket } from '../machine/qemu-socket.ts'
import { awaitGuest, type RunningGuest } from '../machine/start-guest.ts'

/** Answers of the suite take some kilobytes. All of one is searched again with each piece that comes. */
const maxAnswerCharacters = 1024 * 1024

export interface DaemonAnswer {
  /** All that came, markers and all. */
  text: string
  /** What stands between the output markers, without the line end before the closing one; undefined on an error. */
  output?: string
  exitCode?: number
  /** The sentence after the error marker. */
  error?: string
}

/** The image's own command loop on the first virtio-serial port (boot contract, "Daemon mode"). */
export class DaemonChannel {
  readonly #guest: RunningGuest
  readonly #socket: Socket
  #received = ''
  #wake: () => void = () => {}

  private constructor(guest: RunningGuest, socket: Socket) {
    this.#guest = guest
    this.#socket = socket
    socket.setEncoding('utf8')
    socket.on('error', () => socket.destroy())
    socket.on('data', (text: string) => {
      this.#received = (this.#received + text).slice(-maxAnswerCharacters)
      this.#wake()
    })
  }

  /** Connects to the port's socket on the host; this says nothing yet about the guest. */
  static async connect(guest: RunningGuest, socketPath: string): Promise<DaemonChannel> {
    return new DaemonChannel(guest, await connectSocket(socketPath))
  }

  /**
   * Awaits the answer to a ping. A line sent before the loop reads waits in the port, so one ping serves as the wait for readiness.
   */
  async ping(timeoutMs: number): Promise<void> {
    this.send(markers.ping)
    await this.expect(markers.pong, timeoutMs)
  }

  /** Runs a shell command through the loop. */
  async run(command: string, timeoutMs: number): Promise<DaemonAnswer> {
    this.send(Buffer.from(command).toString('base64'))
    return readDaemonAnswer(await this.expect(markers.end, timeoutMs))
  }

  /** Runs a command on a pseudo-terminal, with what is to be typed meanwhile; returns what it showed and the code of its end. */
  async runInteractive(
    command: string,
    timeoutMs: number,
    meanwhile: () => Promise<void> = async () => {},
  ): Promise<{ shown: string; exitCode: number }> {
    this.send(Buffer.from(`${markers.interactive}${command}`).toString('base64'))
    await this.expect(markers.interactiveReady, timeoutMs)
    await meanwhile()
    const { before, found } = await this.#expectMatch(interactiveEnd, interactiveEndMarker('N'), timeoutMs)
    return { shown: before, exitCode: Number(found[1]) }
  }

  /** Types on the terminal of the interactive command that runs, without a line end of its own. */
  type(keys: string): void {
    this.#socket.write(keys)
  }

  /** Sends one raw line. */
  send(line: string): void {
    this.#socket.write(`${line}\n`)
  }

  /** Awaits a line that equals the marker; returns what came before it and forgets both. */
  async expect(marker: string, timeoutMs: number): Promise<string> {
    const line = new RegExp(`(?:^|\n)${marker}\r*(?:\n|$)`)
    return (await this.#expectMatch(line, marker, timeoutMs)).before
  }

  /** Awaits a text wherever it stands, such as a prompt; forgets it and what came before. */
  async expectText(text: RegExp, timeoutMs: number): Promise<void> {
    await this.#expectMatch(text, `"${text.source}"`, timeoutMs)
  }

  /** Awaits the first place that the pattern matches; returns it and what came before it, and forgets both. */
  async #expectMatch(
    pattern: RegExp,
    what: string,
    timeoutMs: number,
  ): Promise<{ before: string; found: RegExpExecArray }> {
    const arrived = new Promise<{ before: string; found: RegExpExecArray }>((resolve) => {
      const look = () => {
        const found = pattern.exec(this.#received)
        if (!found) return
        const before = this.#received.slice(0, found.index)
        this.#received = this.#received.slice(found.index + found[0].length)
        resolve({ before, found })
      }
      this.#wake = look
      look()
    })
    return awaitGuest(this.#guest, `${what} on the command channel`, timeoutMs, arrived)
  }

  /** Asks for an orderly power-off. */
  async shutDown(timeoutMs: number): Promise<void> {
    this.send(markers.shutdown)
    await this.expect(markers.shuttingDown, timeoutMs)
  }

  /** Sends a line and hangs up a moment later, as runners do that await no answer. */
  async sendAndHangUp(line: string): Promise<void> {
    this.send(line)
    await setTimeout(runnerBounds.hangUpMs)
    this.close()
  }

  /** Drops the connection; the guest sees its port closed. */
  close(): void {
    this.#socket.destroy()
  }
}

/** Reads what stood before the end marker; a part that is missing is undefined, so that each can be judged by itself. */
export function readDaemonAnswer(text: string): DaemonAnswer {
  const output = between(text, markers.outputStart, markers.outputEnd)
  const exitCode = exitCodeLine.exec(text.trimEnd().split(/\r?\n/).at(-1) ?? '')?.[1]
  const errorAt = text.indexOf(markers.error)
  const error = errorAt < 0 ? undefined : text.slice(errorAt + markers.error.length).trim()
  return {
    text,
    ...(output !== undefined && { output }),
    ...(exitCode !== undefined && { exitCode: Number(exitCode) }),
    ...(error !== undefined && { error }),
  }
}

/**
 * What stands between a marker at the end of its line and the next other one, without the line end before that. A pattern for all of
 * it would try each of a million starts of an answer that has no end.
 */
function between(text: string, start: string, end: string): string | undefined {
  const first = new RegExp(`${start}\\r?\\n`).exec(text)
  if (!first) return undefined
  const from = first.index + first[0].length
  const to = text.indexOf(end, from)
  return to < 0 ? undefined : text.slice(from, to).replace(/\r?\n?$/, '')
}
