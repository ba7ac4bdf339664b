import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { inspect } from 'node:util'
import { Value } from '@sinclair/typebox/value'
import { exitCodeWords } from '../machine/console/illegal-instruction.ts'
import { ChannelClosed, CommandRefused, JsonChannel } from '../machine/json-channel.ts'
import { processorWait } from '../machine/processor-wait.ts'
import { awaitGuest, type RunningGuest } from '../machine/start-guest.ts'
import { GuestFault } from '../model/faults.ts'
import { startBound } from '../platform/process/with-timeout.ts'
import { type AgentAnswer, type AgentCommand, answerSchemas } from './agent-answers.ts'

/** First and longest pause between two looks at a running command; a look costs the guest about 10 ms under emulation. */
const firstPauseMs = 20
const longestPauseMs = 250
/**
 * Time for a killed command to end. One that hangs in the kernel does not, nor does qemu-ga see the end of one whose
 * child keeps the output open.
 */
const killTimeoutMs = 15_000
/** Time for the agent itself to answer; a loaded emulated guest has been seen to take 4 s. */
const answerTimeoutMs = 60_000
/** Bytes moved by one file command: qemu-ga refuses more than 48 MiB at once (QEMU 7.2, qga/commands.c). */
const chunkBytes = 4 * 1024 * 1024
/** What `guest-exec` keeps of each stream (GUEST_EXEC_MAX_OUTPUT, qga/commands.c). */
const capturedBytes = 16 * 1024 * 1024

/** As much of an answer, or of a refusal, as somebody reads. */
const shownAnswer = { depth: 1, maxArrayLength: 5, maxStringLength: 100, breakLength: Number.POSITIVE_INFINITY }
const longestRefusal = 300

/** Where the boot kit's initramfs keeps what is not the image's (harness/recipes/boot-kit/init). */
export const toolFolder = '/dev/.harness'
/** A static busybox for what must work on every image. */
export const guestBusybox = `${toolFolder}/busybox`

/** The environment that the image's own init gives its commands, as far as podman needs it. */
const baseEnvironment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  XDG_RUNTIME_DIR: '/run/user/0',
}

export interface ExecOptions {
  /** Bound on the command, in milliseconds; when it passes, the command is killed and `timedOut` is set. */
  timeoutMs?: number
  input?: string | Uint8Array
  environment?: Record<string, string>
}

export interface ExecResult {
  /** 0 to 255, or 128 + the signal's number, as a shell counts. */
  exitCode: number
  stdout: Buffer
  stderr: Buffer
  timedOut: boolean
  durationMs: number
}

type ExecStatus = AgentAnswer<'guest-exec-status'>

/** The harness's own way into a guest: the QEMU Guest Agent that our initramfs starts before the image's init. */
export class GuestAgent {
  readonly #guest: RunningGuest
  readonly #channel: JsonChannel

  private constructor(guest: RunningGuest) {
    this.#guest = guest
    this.#channel = new JsonChannel(guest.agentSocket)
  }

  /** Awaits the agent's first answer. What is sent before the agent listens waits in its port. */
  static async reach(guest: RunningGuest, timeoutMs: number): Promise<GuestAgent> {
    const agent = new GuestAgent(guest)
    const id = randomInt(2 ** 31)
    const answer = await agent.#call('guest-sync', { id }, timeoutMs)
    if (answer !== id) throw agent.#fault(`The guest agent answered guest-sync with ${answer} in place of ${id}`)
    return agent
  }

  /** Runs a program of the image, without a shell. */
  async exec(path: string, args: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
    const { timeoutMs = 60_000, input, environment = {} } = options
    const startedMs = performance.now()
    const leftMs = startBound(timeoutMs, processorWait(this.#guest.pid))
    const { pid } = await this.#call('guest-exec', {
      path,
      arg: args,
      env: Object.entries({ ...baseEnvironment, ...environment }).map(([name, value]) => `${name}=${value}`),
      'capture-output': true,
      ...(input === undefined ? {} : { 'input-data': Buffer.from(input).toString('base64') }),
    })
    const { status, timedOut } = await this.#awaitExit(pid, path, leftMs)
    if (status['out-truncated'] || status['err-truncated'])
      throw this.#fault(`${path} printed more than the ${capturedBytes / 1024 ** 2} MiB that the guest agent keeps`)
    return {
      exitCode: status.exitcode ?? 128 + (status.signal ?? 0),
      stdout: Buffer.from(status['out-data'] ?? '', 'base64'),
      stderr: Buffer.from(status['err-data'] ?? '', 'base64'),
      timedOut,
      durationMs: performance.now() - startedMs,
    }
  }

  /** Runs a command line in the image's shell. */
  shell(command: string, options: ExecOptions = {}): Promise<ExecResult> {
    return this.exec('/bin/sh', ['-c', command], options)
  }

  /** Runs a command line that must succeed; returns its stdout as text. Throws GuestFault with its stderr. */
  async mustShell(command: string, options: ExecOptions = {}): Promise<string> {
    const { exitCode, timedOut, stdout, stderr } = await this.shell(command, options)
    if (exitCode === 0 && !timedOut) return stdout.toString('utf8')
    const ending = timedOut ? 'did not end in time' : `ended with ${exitCodeWords(exitCode)}`
    throw new GuestFault(
      `"${command}" ${ending} in the guest: ${stderr.toString('utf8').trim()}`,
      this.#guest.console.end(),
    )
  }

  /** Writes a file in the guest, replacing what was there. */
  async writeFile(path: string, content: string | Uint8Array): Promise<void> {
    const bytes = Buffer.from(content)
    const handle = await this.#call('guest-file-open', { path, mode: 'w' })
    for (let offset = 0; offset < bytes.length; offset += chunkBytes)
      await this.#call('guest-file-write', {
        handle,
        'buf-b64': bytes.subarray(offset, offset + chunkBytes).toString('base64'),
      })
    await this.#call('guest-file-close', { handle })
  }

  /** Reads a file of the guest, up to `maxBytes`. Throws when it is longer. */
  async readFile(path: string, maxBytes = 64 * 1024 * 1024): Promise<Buffer> {
    const handle = await this.#call('guest-file-open', { path, mode: 'r' })
    const chunks: Buffer[] = []
    for (let size = 0, atEnd = false; !atEnd; ) {
      const part = await this.#call('guest-file-read', { handle, count: chunkBytes })
      const chunk = Buffer.from(part['buf-b64'], 'base64')
      chunks.push(chunk)
      size += chunk.length
      atEnd = part.eof
      // qemu-ga reads by fread(3), which gives less than was asked for at the end only; so the number of calls is bounded too.
      if (!atEnd && chunk.length < chunkBytes) throw this.#fault(`The guest agent broke off in ${path}`)
      if (size > maxBytes) throw this.#fault(`${path} in the guest is longer than the ${maxBytes} bytes allowed`)
    }
    await this.#call('guest-file-close', { handle })
    return Buffer.concat(chunks)
  }

  async #awaitExit(
    pid: number,
    what: string,
    leftMs: () => number,
  ): Promise<{ status: ExecStatus; timedOut: boolean }> {
    let timedOut = false
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
      const status = await this.#call('guest-exec-status', { pid })
      if (status.exited) return { status, timedOut }
      const lateMs = -leftMs()
      if (lateMs > killTimeoutMs) throw this.#fault(`${what} was killed and did not end`)
      if (lateMs > 0 && !timedOut) {
        timedOut = true
        await this.#call('guest-exec', { path: guestBusybox, arg: ['kill', '-9', String(pid)] })
      }
      await pause(pauseMs)
    }
  }

  #fault(message: string, cause?: unknown): GuestFault {
    return new GuestFault(`${message}.`, this.#guest.console.end(), { cause })
  }

  /** A command and its answer. What the agent says is the guest's: an answer that is none is a GuestFault with what it said. */
  async #call<Command extends AgentCommand>(
    command: Command,
    args: object,
    timeoutMs = answerTimeoutMs,
  ): Promise<AgentAnswer<Command>> {
    const what = `the guest agent's answer to ${command}`
    try {
      const answer: unknown = await awaitGuest(this.#guest, what, timeoutMs, this.#channel.execute(command, args))
      if (Value.Check(answerSchemas[command], answer)) return answer as AgentAnswer<Command>
      throw this.#fault(`The guest agent answered ${command} with ${inspect(answer, shownAnswer)}`)
    } catch (cause) {
      if (cause instanceof CommandRefused)
        throw this.#fault(`The guest agent refused ${command}: ${cause.message.slice(0, longestRefusal)}`, cause)
      if (cause instanceof ChannelClosed)
        throw this.#fault(`The guest agent no longer responds. ${cause.message.slice(0, -1)}`, cause)
      throw cause
    }
  }
}
