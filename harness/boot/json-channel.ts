import { connect, type Socket } from 'node:net'

/** Longest line accepted from the other end: a 16 MiB command output (qemu-ga's own bound) in base64, with room. */
const maxLineBytes = 64 * 1024 * 1024

interface Pending {
  resolve: (value: unknown) => void
  reject: (error: Error) => void
}

interface Message {
  id?: number
  return?: unknown
  error?: { class: string; desc: string }
  event?: string
  data?: unknown
}

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
  readonly #pending = new Map<number, Pending>()
  readonly #eventListeners = new Set<(name: string, data: unknown) => void>()
  #chunks: Buffer[] = []
  #chunkBytes = 0
  #nextId = 1

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    socket.on('error', () => socket.destroy())
    this.closed = new Promise((resolve) =>
      socket.once('close', () => {
        this.#failAll(new ChannelClosed('The connection was closed.'))
        resolve()
      }),
    )
  }

  /** Sends a command; rejects with CommandRefused or ChannelClosed. The caller bounds the wait. */
  execute(command: string, args?: object): Promise<unknown> {
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new ChannelClosed('The connection is closed.'))
      this.#pending.set(id, { resolve, reject })
      this.#socket.write(`${JSON.stringify({ execute: command, arguments: args, id })}\n`)
    })
  }

  /** The data of the next event of that name that the test accepts. The caller bounds the wait. */
  event(name: string, accepts: (data: unknown) => boolean = () => true): Promise<unknown> {
    return new Promise((resolve) => {
      const listener = (seen: string, data: unknown) => {
        if (seen !== name || !accepts(data)) return
        this.#eventListeners.delete(listener)
        resolve(data)
      }
      this.#eventListeners.add(listener)
    })
  }

  #take(chunk: Buffer): void {
    let rest = chunk
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      const line = Buffer.concat([...this.#chunks, rest.subarray(0, end)])
      this.#chunks = []
      this.#chunkBytes = 0
      this.#answer(line)
      rest = rest.subarray(end + 1)
    }
    this.#chunks.push(rest)
    this.#chunkBytes += rest.length
    if (this.#chunkBytes > maxLineBytes) this.#socket.destroy()
  }

  #answer(line: Buffer): void {
    const message = parsed(line)
    if (message?.event !== undefined) for (const listen of this.#eventListeners) listen(message.event, message.data)
    const pending = message?.id === undefined ? undefined : this.#pending.get(message.id)
    if (!message || !pending) return
    this.#pending.delete(message.id as number)
    if (message.error) pending.reject(new CommandRefused(message.error.desc))
    else pending.resolve(message.return)
  }

  #failAll(error: Error): void {
    for (const { reject } of this.#pending.values()) reject(error)
    this.#pending.clear()
  }
}

/** A line that is no JSON object is passed over: a guest can write what it likes into its end of the channel. */
function parsed(line: Buffer): Message | undefined {
  try {
    const value: unknown = JSON.parse(line.toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Message) : undefined
  } catch {
    return undefined
  }
}

/** Connects to a listening Unix socket. */
export function connectSocket(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(socket)
    })
    socket.once('error', reject)
  })
}
