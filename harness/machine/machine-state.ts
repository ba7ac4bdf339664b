import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { EnvironmentFault, GuestFault } from '../model/faults.ts'
import { TimeoutError, withTimeout } from '../platform/process/with-timeout.ts'
import { connectSocket, removeSocket } from './qemu-socket.ts'
import type { RunningGuest } from './start-guest.ts'

/**
 * A state without memory takes 0.1 s here. One with it takes 7 s to write, since QEMU reads all of a sparse memory file, and 1 s to
 * load (160 MB). The bound is for a slow disk under load.
 */
const transferTimeoutMs = 60_000
/** The state of all devices takes 0.5 MB here; of memory, what is nowhere else is written with as much around it as pages have. */
const maxDeviceBytes = 64 * 1024 ** 2
/** QEMU's own bound of 128 MiB/s is meant for networks (migration/options.c). */
const unboundedBytesPerSecond = 8 * 1024 ** 3
/** QEMU closes its monitor a moment before it ends. */
const endTimeoutMs = 5_000

/** QEMU's options for a guest whose state is loaded. */
export const awaitsState: readonly string[] = ['-incoming', 'defer']

/** Whether the memory lies in a file that both sides map (capability x-ignore-shared), or goes into the state. */
export type StateMemory = 'mapped' | 'included'

/**
 * Stops the guest and writes its state to a file. Throws EnvironmentFault when QEMU cannot.
 *
 * QEMU tells that it has completed before its stream is written to the end, and refuses to go on until then
 * (migration_iteration_finish and migrate_fd_cleanup in migration/migration.c). So the end of the stream is the end.
 */
export async function saveState(guest: RunningGuest, path: string, memory: StateMemory): Promise<void> {
  await guest.monitor.execute('stop')
  await guest.monitor.execute('migrate-set-parameters', { 'max-bandwidth': unboundedBytesPerSecond })
  const socketPath = join(guest.scratchFolder, 'state')
  const server = await listenAt(socketPath)
  const maxBytes = (memory === 'included' ? guest.shape.memoryMiB * 1024 ** 2 : 0) + maxDeviceBytes
  const written = once(server, 'connection').then(([socket]) =>
    pipeline(socket as Socket, (chunks) => bounded(chunks, maxBytes), createWriteStream(path)),
  )
  await transfer(guest, memory, 'migrate', socketPath, () => written).finally(() => server.close())
}

/** QEMU sees the folder too: what its guest put in the way is the guest's doing. */
async function listenAt(path: string): Promise<Server> {
  const server = createServer().listen(path)
  await once(server, 'listening').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EADDRINUSE') throw cause
    throw new GuestFault(`Something else lies at ${path}, where QEMU is to write its state.`, '', { cause })
  })
  return server
}

/** A guest that broke out could write to the host's disk for as long as it is waited for. */
async function* bounded(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Buffer> {
  let seenBytes = 0
  for await (const chunk of chunks) {
    seenBytes += chunk.length
    if (seenBytes > maxBytes) throw new Error(`The state takes more than ${maxBytes} bytes.`)
    yield chunk
  }
}

/** Loads a state into a guest that `awaitsState`, and lets it go on. Throws EnvironmentFault when QEMU cannot. */
export async function loadState(guest: RunningGuest, path: string, memory: StateMemory): Promise<void> {
  const socketPath = join(guest.scratchFolder, 'incoming')
  await transfer(guest, memory, 'migrate-incoming', socketPath, async (accepted) => {
    await accepted
    // QEMU closes its side when it has what it wants, or cannot use it: its word counts, not how the stream ended.
    await pipeline(createReadStream(path), await connectSocket(socketPath)).catch(() => {})
  }).finally(() => removeSocket(socketPath))
  await guest.monitor.execute('cont')
}

type Command = 'migrate' | 'migrate-incoming'

const purposes: Record<Command, string> = {
  migrate: 'write the state of the machine',
  'migrate-incoming': 'load the state of the machine',
}

async function transfer(
  guest: RunningGuest,
  memory: StateMemory,
  command: Command,
  socketPath: string,
  stream: (accepted: Promise<unknown>) => Promise<void>,
): Promise<void> {
  const { monitor } = guest
  const capabilities = [
    { capability: 'events', state: true },
    { capability: 'x-ignore-shared', state: memory === 'mapped' },
  ]
  await monitor.execute('migrate-set-capabilities', { capabilities })
  const status = (wanted: string) =>
    monitor.event('MIGRATION', migrationSchema, (migration) => migration.status === wanted)
  const failed = Promise.race([status('failed'), monitor.closed]).then(() => Promise.reject(new Error('QEMU failed.')))
  const completed = status('completed')
  const accepted = monitor.execute(command, { uri: `unix:${socketPath}` })
  const done = Promise.all([accepted, completed, stream(accepted)])
  try {
    await withTimeout(transferTimeoutMs, Promise.race([done, failed]))
  } catch (cause) {
    throw new EnvironmentFault('E_SNAPSHOT', `QEMU could not ${purposes[command]}: ${await reasonOf(guest, cause)}`, {
      cause,
    })
  }
}

const migrationSchema = Type.Object({ status: Type.String() })
const failureSchema = Type.Object({ 'error-desc': Type.String() })

/** A QEMU that cannot load a state ends and says why on its standard error; one that cannot write it goes on. */
async function reasonOf({ monitor, ended, lastError }: RunningGuest, cause: unknown): Promise<string> {
  if (cause instanceof TimeoutError) return `it took longer than ${transferTimeoutMs / 1000} s`
  try {
    const answer = await monitor.execute('query-migrate')
    return Value.Check(failureSchema, answer) ? answer['error-desc'] : String(cause)
  } catch {
    await withTimeout(endTimeoutMs, ended)
    return lastError().trim() || 'it ended without a reason'
  }
}
