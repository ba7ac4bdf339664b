import { exitCodeLine, type MarkerKey, markers } from '../contract/markers.ts'
import { EnvironmentFault, GuestFault } from '../model/faults.ts'
import { TimeoutError, withTimeout } from '../platform/process/with-timeout.ts'
import { panicFault } from './console/panic-fault.ts'
import { fullDisk, fullDiskFault } from './full-disk.ts'
import { panicStory } from './panic-story.ts'
import { processorWait } from './processor-wait.ts'
import { filledShare, filledShareSentence } from './share-watch.ts'
import type { GuestEnd, RunningGuest } from './start-guest.ts'

/** What a one-shot boot answered on the console (boot contract, "Answers on the console"). */
export interface OneShotAnswer {
  /** Lines between the markers, joined by newlines; undefined where the section did not appear. */
  output?: string
  tar?: Buffer
  storage?: Buffer
  /** The marker for a store on the share stood on a line of its own. */
  storageShared?: true
  /** The sentence that follows the error marker. */
  error?: string
  exitCode?: number
  end: GuestEnd
}

const sections = {
  output: ['outputStart', 'outputEnd'],
  tar: ['tarStart', 'tarEnd'],
  storage: ['storageStart', 'storageEnd'],
} as const satisfies Record<string, readonly [MarkerKey, MarkerKey]>

/**
 * Awaits the end of the machine and reads what it answered; a part that is missing is undefined, so that each can be
 * judged by itself. Throws GuestFault when the machine has not ended in `timeoutMs` or its kernel panics.
 */
export async function awaitOneShot(guest: RunningGuest, timeoutMs: number): Promise<OneShotAnswer> {
  const end = await awaitMachineEnd(guest, timeoutMs)
  return { ...readAnswer(guest.console.lines.map(({ text }) => text)), end }
}

/** Awaits that the machine ends by itself. Throws GuestFault if it does not; EnvironmentFault as `awaitGuest` does. */
export async function awaitMachineEnd(guest: RunningGuest, timeoutMs: number): Promise<GuestEnd> {
  const panic = guest.console.fatal.then(async ({ line }) => {
    throw await panicFault(
      guest,
      line,
      new GuestFault(`The kernel panicked (${panicStory(guest.console, line)}).`, guest.console.end()),
    )
  })
  try {
    const end = await withTimeout(timeoutMs, Promise.race([guest.ended, panic]), processorWait(guest.pid))
    if (end.reason === 'QEMU died')
      throw new EnvironmentFault('E_QEMU_DIED', `${guest.shape.architecture.emulator} died before its machine ended.`)
    if (end.reason === fullDisk) throw fullDiskFault()
    if (end.reason === filledShare) throw new GuestFault(filledShareSentence, guest.console.end())
    return end
  } catch (cause) {
    if (!(cause instanceof TimeoutError)) throw cause
    await guest.kill()
    throw new GuestFault(`The machine did not end by itself within ${timeoutMs / 1000} s.`, guest.console.end(), {
      cause,
    })
  }
}

/** Reads the answer's parts from the console's lines. */
export function readAnswer(lines: readonly string[]): Omit<OneShotAnswer, 'end'> {
  const output = between(lines, sections.output)
  const tar = between(lines, sections.tar)
  const storage = between(lines, sections.storage)
  const error = lines[lines.indexOf(markers.error) + 1]
  const exitCode = lines.map((line) => exitCodeLine.exec(line)?.[1]).find((code) => code !== undefined)
  return {
    ...(output && { output: output.join('\n') }),
    ...(tar && { tar: Buffer.from(tar.join(''), 'base64') }),
    ...(storage && { storage: Buffer.from(storage.join(''), 'base64') }),
    ...(lines.includes(markers.storageShared) && { storageShared: true as const }),
    ...(lines.includes(markers.error) && { error: error ?? '' }),
    ...(exitCode !== undefined && { exitCode: Number(exitCode) }),
  }
}

function between(
  lines: readonly string[],
  [start, end]: readonly [MarkerKey, MarkerKey],
): readonly string[] | undefined {
  const first = lines.indexOf(markers[start])
  const last = lines.indexOf(markers[end], first + 1)
  return first < 0 || last < 0 ? undefined : lines.slice(first + 1, last)
}
