import type { Socket } from 'node:net'
import { connectSocket } from '../boot/json-channel.ts'
import { awaitGuest, type RunningGuest } from '../boot/start-guest.ts'

const maxAnswerBytes = 64 * 1024 * 1024

export interface DaemonAnswer {
  /** All that came, markers and all. */
  text: string
  /** What stands between the output markers, without the line end before the closing one; undefined on an error. */
  output?: string
  exitCode?: number
  /** The sentence after `===ERROR===`. */
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
      this.#received = (this.#received + text).slice(-maxAnswerBytes)
      this.#wake()
    })
  }

  /** Connects to the port's socket on the host; this says nothing yet about the guest. */
  static async connect(guest: RunningGuest, socketPath: string): Promise<DaemonChannel> {
    return new DaemonChannel(guest, await connectSocket(socketPath))
  }

  /**
   * Awaits `===PONG===`. A line sent before the loop reads waits in the port, so one ping serves as the wait for readiness.
   */
  async ping(timeoutMs: number): Promise<void> {
    this.send('===PING===')
    await this.expect('===PONG===', timeoutMs)
  }

  /** Runs a shell command through the loop. */
  async run(command: string, timeoutMs: number): Promise<DaemonAnswer> {
    this.send(Buffer.from(command).toString('base64'))
    return readDaemonAnswer(await this.expect('===END===', timeoutMs))
  }

  /** Sends one raw line. */
  send(line: string): void {
    this.#socket.write(`${line}\n`)
  }

  /** Awaits a line that equals the marker; returns what came before it and forgets it. */
  async expect(marker: string, timeoutMs: number): Promise<string> {
    return (await this.expectLine(new RegExp(marker), timeoutMs)).before
  }

  /** Awaits a line that the pattern matches as a whole; returns it and what came before it, and forgets both. */
  async expectLine(pattern: RegExp, timeoutMs: number): Promise<{ before: string; line: string }> {
    const wholeLine = new RegExp(`(?:^|\n)(${pattern.source})\r*(?:\n|$)`)
    const arrived = new Promise<{ before: string; line: string }>((resolve) => {
      const look = () => {
        const found = wholeLine.exec(this.#received)
        if (!found) return
        const before = this.#received.slice(0, found.index)
        this.#received = this.#received.slice(found.index + found[0].length)
        resolve({ before, line: found[1] ?? '' })
      }
      this.#wake = look
      look()
    })
    return awaitGuest(this.#guest, `${pattern.source} on the command channel`, timeoutMs, arrived)
  }

  /** Asks for an orderly power-off. */
  async shutDown(timeoutMs: number): Promise<void> {
    this.send('===SHUTDOWN===')
    await this.expect('===SHUTTING_DOWN===', timeoutMs)
  }

  /** Drops the connection; the guest sees its port closed. */
  close(): void {
    this.#socket.destroy()
  }
}

/** Reads what stood before `===END===`; a part that is missing is undefined, so that each can be judged by itself. */
export function readDaemonAnswer(text: string): DaemonAnswer {
  const output = /===OUTPUT_START===\r?\n([\s\S]*?)\r?\n?===OUTPUT_END===/.exec(text)?.[1]
  const exitCode = /===EXIT_CODE=(\d+)===\s*$/.exec(text)?.[1]
  const error = /===ERROR===\r?\n?([\s\S]*)$/.exec(text)?.[1]?.trim()
  return {
    text,
    ...(output !== undefined && { output }),
    ...(exitCode !== undefined && { exitCode: Number(exitCode) }),
    ...(error !== undefined && { error }),
  }
}
