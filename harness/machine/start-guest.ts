import type { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { Type } from '@sinclair/typebox'
import { EnvironmentFault, GuestFault } from '../model/faults.ts'
import type { Lifetime } from '../platform/process/lifetime.ts'
import { removeFolder } from '../platform/process/remove-folder.ts'
import { openScratchFolder } from '../platform/process/run-folder.ts'
import { startChild } from '../platform/process/start-child.ts'
import { TimeoutError, withTimeout } from '../platform/process/with-timeout.ts'
import { bootArguments } from './boot-arguments.ts'
import { confinedQemu } from './confined-qemu.ts'
import { GuestConsole } from './console/guest-console.ts'
import { type PanickedGuest, panicFault } from './console/panic-fault.ts'
import { agentChannel, serialBus } from './devices.ts'
import { fullDisk, fullDiskFault, stoppedForRoom } from './full-disk.ts'
import type { GuestPlan } from './guest-plan.ts'
import { countGuestTime } from './guest-time.ts'
import { ChannelClosed, JsonChannel } from './json-channel.ts'
import type { MachineShape } from './machine-shape.ts'
import { panicStory } from './panic-story.ts'
import { processorWait } from './processor-wait.ts'
import { type QemuProcess, qemuProcess } from './qemu-process.ts'
import { filledShare, filledShareSentence } from './share-watch.ts'

/** QEMU answers on its monitor within 0.2 s here; this bound is for a machine under heavy load. */
const monitorTimeoutMs = 30_000
/** A channel closes a moment before QEMU's end is noticed; the end says more. */
const channelEndMs = 5_000
const lastErrorBytes = 4096

/** Why the harness ended a machine before anybody asked for it. */
type EarlyEnd = typeof filledShare | typeof fullDisk

/** How a guest's machine came to its end, by QEMU's own word. */
export interface GuestEnd {
  reason: 'guest-shutdown' | 'guest-reset' | 'guest-panic' | 'stopped by the harness' | EarlyEnd | 'QEMU died'
  atMs: number
}

/** A machine that QEMU runs; nothing is known yet of what runs inside. */
export interface RunningGuest extends PanickedGuest {
  shape: MachineShape
  console: GuestConsole
  /** What the console prints, byte by byte, for whoever looks at it themselves. */
  screen: Readable
  /** What is typed on the console. */
  keyboard: Writable
  /** The host's end of the agent's port. */
  agentSocket: Socket
  /** The end of what QEMU itself has printed on its standard error. */
  lastError: () => string
  /** Settles when QEMU is gone and the console read to its end; never rejects. */
  ended: Promise<GuestEnd>
  pid: number
  /** A folder that QEMU sees too, for sockets between it and the harness; it is there as long as QEMU. */
  scratchFolder: string
  kill(reason?: GuestEnd['reason']): Promise<void>
}

/**
 * Starts QEMU and returns when its monitor answers. The lifetime kills it at the latest.
 * Throws EnvironmentFault when QEMU cannot be started or refuses its options.
 */
export async function startGuest(plan: GuestPlan, lifetime: Lifetime): Promise<RunningGuest> {
  const startedMs = performance.now()
  const scratchFolder = await openScratchFolder()
  const { command, hasView } = await confinedQemu(plan, scratchFolder)
  const [tool = '', ...args] = [...command, ...qemuArguments(plan)]
  // bubblewrap ends with its parent and gains no rights by itself (bwrap(1), "--die-with-parent"); setpriv takes 3 ms of each fork.
  const options = { env: qemuEnvironment(), isKept: hasView }
  const child = await startChild(tool, args, [...Array<'pipe'>(5).fill('pipe')], options)
  const gone = child.ended.then(() => removeFolder(scratchFolder))
  const qemu = qemuProcess(child, hasView)
  const release = lifetime.defer(() => qemu.kill().then(() => gone), `QEMU (process ${child.pid})`)
  gone.then(release, release)

  const [keyboard, consoleStream, errorStream, monitorSocket, agentSocket] = child.process.stdio as unknown as [
    Writable,
    Readable,
    Readable,
    Socket,
    Socket,
  ]
  for (const stream of [keyboard, agentSocket]) stream.on('error', () => {})
  const lastError = keepEnd(errorStream)
  const console = new GuestConsole(consoleStream)
  let reason: GuestEnd['reason'] = 'QEMU died'
  const monitor = new JsonChannel(monitorSocket)
  monitor.event('SHUTDOWN', shutdownSchema).then((shutdown) => {
    reason = shutdownReason(shutdown.reason)
  })
  await openMonitor(monitor, qemu, lastError, plan)
  const pid = qemu.pid()
  const stopCounting = countGuestTime(pid)
  child.ended.then(stopCounting, stopCounting)

  const kill = async (why: GuestEnd['reason'] = 'stopped by the harness') => {
    if (reason === 'QEMU died') reason = why
    await qemu.kill()
    await gone
  }
  stoppedForRoom(monitor).then(() => kill(fullDisk))

  return {
    shape: plan.shape,
    console,
    screen: consoleStream,
    keyboard,
    monitor,
    agentSocket,
    lastError,
    pid,
    scratchFolder,
    isContinued: plan.options?.includes('-incoming') ?? false,
    ended: Promise.all([child.ended, console.ended]).then(() => ({ reason, atMs: performance.now() - startedMs })),
    kill,
  }
}

/** Variables that programs need to be found and loaded; the others, of which some may be secret, are none of QEMU's. */
const passedVariables = ['PATH', 'LD_LIBRARY_PATH', 'TMPDIR']

const qemuEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    passedVariables.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  )

function qemuArguments(plan: GuestPlan): string[] {
  const { shape, boot } = plan
  const { machine, tcgThread } = shape.architecture
  const accelerator = shape.accelerator === 'tcg' ? `tcg,thread=${tcgThread}` : shape.accelerator
  return [
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...['-machine', machine, '-accel', accelerator, '-cpu', shape.cpu],
    ...['-smp', String(shape.cpuCount), '-m', `${shape.memoryMiB}M`],
    ...['-chardev', 'socket,id=monitor,fd=3', '-mon', 'chardev=monitor,mode=control'],
    ...['-chardev', 'stdio,id=console,signal=off', '-serial', 'chardev:console'],
    ...(boot ? bootArguments(shape, boot) : []),
    ...(plan.channels === 'none' ? [] : serialBus),
    ...plan.devices.flat(),
    ...(plan.channels === 'none' ? [] : agentChannel(4)),
    ...(plan.options ?? []),
  ]
}

async function openMonitor(
  monitor: JsonChannel,
  qemu: QemuProcess,
  lastError: () => string,
  plan: GuestPlan,
): Promise<void> {
  const emulator = plan.shape.architecture.emulator
  try {
    await withTimeout(monitorTimeoutMs, monitor.execute('qmp_capabilities'))
  } catch (cause) {
    await qemu.kill()
    const seen =
      cause instanceof TimeoutError
        ? `did not answer on its monitor within ${monitorTimeoutMs / 1000} s`
        : 'ended before its machine started'
    throw new EnvironmentFault('E_QEMU_START', `${emulator} ${seen}: ${lastError().trim() || 'it printed no reason'}`, {
      cause,
    })
  }
}

const shutdownSchema = Type.Object({ reason: Type.String() })

const shutdownReasons: Record<string, GuestEnd['reason']> = {
  'guest-shutdown': 'guest-shutdown',
  'guest-reset': 'guest-reset',
  'guest-panic': 'guest-panic',
  'host-qmp-quit': 'stopped by the harness',
  'host-signal': 'stopped by the harness',
}

const shutdownReason = (reason: string): GuestEnd['reason'] => shutdownReasons[reason] ?? 'QEMU died'

function keepEnd(stream: Readable): () => string {
  let text = ''
  stream.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString('utf8')).slice(-lastErrorBytes)
  })
  return () => text
}

/**
 * Awaits something of a guest, no longer than `timeoutMs`, raced with a kernel panic and with the machine's end.
 * Throws GuestFault saying what was awaited, for how long, and what was seen last; EnvironmentFault if QEMU itself died, if the
 * machine gave the guest too little time, or if the kernel panicked before it came to the image.
 */
export async function awaitGuest<T>(
  guest: RunningGuest,
  what: string,
  timeoutMs: number,
  awaited: Promise<T>,
): Promise<T> {
  const startedMs = performance.now()
  const seconds = () => `${((performance.now() - startedMs) / 1000).toFixed(1)} s`
  const fault = (seen: string, cause?: unknown) =>
    new GuestFault(`Waited ${seconds()} for ${what}: ${seen}.`, guest.console.end(), { cause })
  const panic = guest.console.fatal.then(async ({ line }) => {
    throw await panicFault(guest, line, fault(`the kernel panicked (${panicStory(guest.console, line)})`))
  })
  const ended = guest.ended.then(({ reason }) => {
    if (reason === 'QEMU died')
      throw new EnvironmentFault('E_QEMU_DIED', `${guest.shape.architecture.emulator} died while ${what} was awaited.`)
    if (reason === filledShare) throw new GuestFault(filledShareSentence, guest.console.end())
    if (reason === fullDisk) throw fullDiskFault()
    throw fault(`the machine ended (${reason})`)
  })
  try {
    return await withTimeout(timeoutMs, Promise.race([awaited, panic, ended]), processorWait(guest.pid))
  } catch (error) {
    if (error instanceof TimeoutError)
      throw new GuestFault(`Timed out after ${seconds()} waiting for ${what}.`, guest.console.end(), { cause: error })
    throw error instanceof ChannelClosed ? await endingBehind(error, ended) : error
  }
}

/** The machine's end where that is why a channel was closed, else the closed channel itself. */
const endingBehind = (closed: ChannelClosed, ended: Promise<never>): Promise<unknown> =>
  withTimeout(channelEndMs, ended).catch((ending) => (ending instanceof TimeoutError ? closed : ending))
