import { constants } from 'node:os'
import { inspect } from 'node:util'
import { BuildFault, CallFault, EnvironmentFault } from '../model/faults.ts'
import { printable } from '../model/printable.ts'
import { type EndingSignal, endingSignals } from '../platform/process/ending-signals.ts'
import { Lifetime } from '../platform/process/lifetime.ts'
import { systemErrorText } from '../platform/process/system-error.ts'
import { toolPath } from '../platform/setup/search-path.mjs'

/** A clean-up that takes longer is told, and again each time that it has taken as long once more. */
const noticeAfterMs = 10_000

/** Exit code of the harness's own mistakes and of what the system refused it: they say nothing about the image. */
const internalErrorCode = 3

export interface EntryOptions {
  /** Show stacks and causes of faults. */
  verbose?: boolean
}

/**
 * Runs an entry of the harness to its exit code and ends the process. Owns the signals: the first ends what `main`
 * deferred on its lifetime, which goes on until it is done, the second exits at once and says what it left. Faults become sentences on stderr.
 */
export async function runEntry(
  main: (lifetime: Lifetime) => Promise<number>,
  { verbose = process.argv.includes('--verbose') }: EntryOptions = {},
): Promise<void> {
  process.env.PATH = toolPath()
  const lifetime = new Lifetime()
  ignoreClosedOutput()
  const outcome = await Promise.race([firstSignal(lifetime), uncaughtError(), runMain(main, lifetime)])
  const endingCode = await endLifetime(lifetime, outcome, verbose)
  process.exit(endingCode)
}

type Outcome = { exitCode: number } | { error: unknown } | { signal: EndingSignal }

const runMain = (main: (lifetime: Lifetime) => Promise<number>, lifetime: Lifetime): Promise<Outcome> =>
  main(lifetime).then(
    (exitCode) => ({ exitCode }),
    (error: unknown) => ({ error }),
  )

function firstSignal(lifetime: Lifetime): Promise<Outcome> {
  return new Promise((resolve) => {
    let received = false
    const receive = (signal: EndingSignal) => {
      if (received) leave(signal, lifetime)
      received = true
      resolve({ signal })
    }
    for (const signal of endingSignals) process.on(signal, receive)
  })
}

function leave(signal: EndingSignal, { awaited }: Lifetime): never {
  printError(
    `Stopped at once by ${signal}${awaited === undefined ? '' : `; ${awaited} may be left`}. The next run removes it.`,
  )
  process.exit(signalCode(signal))
}

/** Exit code of a process that a signal ended, as shells give it (POSIX, "Exit Status for Commands"). */
const signalCode = (signal: EndingSignal): number => 128 + constants.signals[signal]

const uncaughtError = (): Promise<Outcome> =>
  new Promise((resolve) => {
    process.on('uncaughtException', (error) => resolve({ error }))
    process.on('unhandledRejection', (error) => resolve({ error }))
  })

/** Cleans up, says what went wrong, and returns the exit code. */
async function endLifetime(lifetime: Lifetime, outcome: Outcome, verbose: boolean): Promise<number> {
  if ('signal' in outcome) {
    printError(`Interrupted by ${outcome.signal}; cleaning up.`)
    silence()
    await bidFarewell(lifetime, outcome.signal)
  }
  const endingError = await cleanUp(lifetime)
  if ('error' in outcome) return printFault(outcome.error, verbose)
  if ('signal' in outcome) return signalCode(outcome.signal)
  return endingError === undefined ? outcome.exitCode : printFault(endingError, verbose)
}

/** Says what the signal did before the clean-up; one that failed is told, and keeps nothing from being cleaned up. */
async function bidFarewell(lifetime: Lifetime, signal: EndingSignal): Promise<void> {
  try {
    for (const sentence of await lifetime.interrupt(signal)) printError(sentence)
  } catch (error) {
    printError((error as Error).message)
  }
}

/**
 * Ends the lifetime and returns the first error on the way. There is no bound: what is given up stays behind, and whoever waits can
 * end the wait by another signal.
 */
async function cleanUp(lifetime: Lifetime): Promise<unknown> {
  const startedMs = performance.now()
  const notice = setInterval(() => {
    const seconds = Math.round((performance.now() - startedMs) / 1000)
    const what = lifetime.awaited === undefined ? '' : `, now ${lifetime.awaited}`
    printError(`Still cleaning up after ${seconds} s${what}. Press Ctrl-C to leave at once.`)
  }, noticeAfterMs)
  return lifetime
    .end()
    .catch((error: unknown) => error)
    .finally(() => clearInterval(notice))
}

function printFault(error: unknown, verbose: boolean): number {
  const isFault = error instanceof CallFault || error instanceof EnvironmentFault || error instanceof BuildFault
  printError(isFault ? error.message : (systemErrorText(error) ?? internalError(error, verbose)))
  if (verbose) printError(inspect(error))
  return isFault ? error.exitCode : internalErrorCode
}

function internalError(error: unknown, verbose: boolean): string {
  const message = error instanceof Error ? error.message : inspect(error)
  const remedy = verbose ? '' : ' Run again with --verbose for details.'
  return `Internal error: ${message.trim()}\nThe harness itself failed; this says nothing about the image.${remedy}`
}

const writeError = process.stderr.write.bind(process.stderr)

const printError = (message: string): void => {
  writeError(`${printable(message)}\n`)
}

/** Main runs on while its guests and helpers are taken away; what it says of that is noise, and no report. */
function silence(): void {
  process.stdout.write = () => true
  process.stderr.write = () => true
}

/** A reader that closes the pipe early, such as `head`, is no fault. */
function ignoreClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
}
