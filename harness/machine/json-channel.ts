import type { Socket } from 'node:net'
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { type JsonBounds, parseBounded } from './bounded-json.ts'
import { LineReader } from './console/line-reader.ts'

export interface ChannelBounds {
  /** Longest line accepted from the other end. */
  lineBytes: number
  /** Most that the other end may send beside answers. */
  unaskedBytes: number
}

/** Both outputs of a command, 16 MiB each (qemu-ga's own bound), in base64, with room; events take a few kB in a guest's life. */
const defaultBounds: ChannelBounds = { lineBytes: 64 * 1024 * 1024, unaskedBytes: 64 * 1024 * 1024 }
/** No answer that is asked for has more than a dozen values; the greeting and events of QEMU have some more. */
const messageBounds: JsonBounds = { depth: 32, values: 10_000 }

interface Pending {
  resolve: (value: unknown) => void
  reject: (error: Error) => void
}

/** A line of QMP or of the guest agent, as far as it is looked at (QEMU, docs/interop/qmp-spec). */
const messageSchema = Type.Object({
  id: Type.Optional(Type.Integer()),
  return: Type.Optional(Type.Unknown()),
  error: Type.Optional(Type.Object({ desc: Type.String() })),
  event: Type.Optional(Type.String()),
  data: Type.Optional(Type.Unknown()),
})

/** The other end answered a command with an error. */
export class CommandRefused extends Error {
  override readonly name = 'CommandRefused'
}

/** The other end closed the connection, or broke the protocol. */
export class ChannelClosed extends Error {
  override readonly name = 'ChannelClosed'
}

/** Commands and answers as lines of JSON: the form that QMP and the QEMU Guest Agent share. */
export class JsonChannel {
  readonly closed: Promise<void>
  readonly #socket: Socket
  readonly #bounds: ChannelBounds
  readonly #pending = new Map<number, Pending>()
  readonly #eventListeners = new Set<(name: string, data: unknown) => void>()
  #unaskedBytes = 0
  #nextId = 1
  #closedBecause = 'The connection was closed.'

  constructor(socket: Socket, bounds = defaultBounds) {
    this.#socket = socket
    this.#bounds = bounds
    const reader = new LineReader(bounds.lineBytes, (line, isAtEnd) => this.#take(line, isAtEnd))
    socket.on('data', (chunk: Buffer) => reader.take(chunk))
    socket.on('error', () => socket.destroy())
    this.closed = new Promise((resolve) =>
      socket.once('close', () => {
        this.#failAll(new ChannelClosed(this.#closedBecause))
        resolve()
      }),
    )
  }

  /** Sends a command; rejects with CommandRefused or ChannelClosed. The caller bounds the wait. */
  execute(command: string, args?: object): Promise<unknown> {
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new ChannelClosed(this.#closedBecause))
      this.#pending.set(id, { resolve, reject })
      this.#socket.write(`${JSON.stringify({ execute: command, arguments: args, id })}\n`)
    })
  }

  /** The data of the next event of that name that fits the schema and that the test accepts. The caller bounds the wait. */
  event<Schema extends TSchema>(
    name: string,
    schema: Schema,
    accepts: (data: Static<Schema>) => boolean = () => true,
  ): Promise<Static<Schema>> {
    return new Promise((resolve) => {
      const listener = (seen: string, data: unknown) => {
        if (seen !== name || !Value.Check(schema, data) || !accepts(data)) return
        this.#eventListeners.delete(listener)
        resolve(data)
      }
      this.#eventListeners.add(listener)
    })
  }

  #take(line: Buffer, isAtEnd: boolean): void {
    if (this.#socket.destroyed) return
    if (isAtEnd && this.#answer(line)) return
    this.#unaskedBytes += line.length + 1
    const { lineBytes, unaskedBytes } = this.#bounds
    if (!isAtEnd) this.#drop(`It sent a line of more than ${lineBytes} bytes.`)
    else if (this.#unaskedBytes > unaskedBytes)
      this.#drop(`It sent more than ${unaskedBytes} bytes that answer nothing.`)
  }

  /** Hands a message on. Whether a command was waiting for it: a guest can write what it likes into its end. */
  #answer(line: Buffer): boolean {
    const message = parseBounded(line, messageBounds)
    if (!Value.Check(messageSchema, message)) return false
    if (message.event !== undefined) for (const listen of this.#eventListeners) listen(message.event, message.data)
    const pending = message.id === undefined ? undefined : this.#pending.get(message.id)
    if (!pending) return false
    this.#pending.delete(message.id as number)
    if (message.error) pending.reject(new CommandRefused(message.error.desc))
    else pending.resolve(message.return)
    return true
  }

  #drop(reason: string): void {
    this.#closedBecause = reason
    this.#socket.destroy()
  }

  #failAll(error: Error): void {
    for (const { reject } of this.#pending.values()) reject(error)
    this.#pending.clear()
  }
}
