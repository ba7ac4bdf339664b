import { GuestFault } from '../faults.ts'
import { awaitGuest, type GuestEnd, type RunningGuest } from './start-guest.ts'
import { within } from './within.ts'

/** What a one-shot boot answered on the console (boot contract, "Answers on the console"). */
export interface OneShotAnswer {
  /** Lines between the markers, joined by newlines; undefined where the section did not appear. */
  output?: string
  tar?: Buffer
  storage?: Buffer
  /** The sentence that follows `===ERROR===`. */
  error?: string
  exitCode?: number
  /** Milliseconds from QEMU's start to the end of the answer. */
  answeredMs: number
  end: GuestEnd
}

const sections = {
  output: ['===OUTPUT_START===', '===OUTPUT_END==='],
  tar: ['===TAR_START===', '===TAR_END==='],
  storage: ['===STORAGE_START===', '===STORAGE_END==='],
} as const

/** Awaits the answer and the end of the machine. Throws GuestFault when either does not come in `timeoutMs`. */
export async function awaitOneShot(guest: RunningGuest, timeoutMs: number): Promise<OneShotAnswer> {
  const closing = /^===(?:EXIT_CODE=\d+|ERROR)===$/
  const last = await awaitGuest(
    guest,
    'the answer of the one-shot command (===EXIT_CODE=N===)',
    timeoutMs,
    guest.console.lineWhere((text) => closing.test(text)),
  )
  const end = await awaitMachineEnd(guest, timeoutMs)
  return { ...readAnswer(guest.console.lines.map(({ text }) => text)), answeredMs: last.atMs, end }
}

/** Awaits that the machine ends by itself. */
export async function awaitMachineEnd(guest: RunningGuest, timeoutMs: number): Promise<GuestEnd> {
  try {
    return await within(timeoutMs, guest.ended)
  } catch (cause) {
    throw new GuestFault(`The machine did not end by itself within ${timeoutMs / 1000} s.`, guest.console.end(), {
      cause,
    })
  }
}

/** Reads the answer's parts from the console's lines. */
export function readAnswer(lines: readonly string[]): Omit<OneShotAnswer, 'answeredMs' | 'end'> {
  const output = between(lines, sections.output)
  const tar = between(lines, sections.tar)
  const storage = between(lines, sections.storage)
  const error = lines[lines.indexOf('===ERROR===') + 1]
  const exitCode = lines.map((line) => /^===EXIT_CODE=(\d+)===$/.exec(line)?.[1]).find((code) => code !== undefined)
  return {
    ...(output && { output: output.join('\n') }),
    ...(tar && { tar: Buffer.from(tar.join(''), 'base64') }),
    ...(storage && { storage: Buffer.from(storage.join(''), 'base64') }),
    ...(lines.includes('===ERROR===') && { error: error ?? '' }),
    ...(exitCode !== undefined && { exitCode: Number(exitCode) }),
  }
}

function between(lines: readonly string[], [start, end]: readonly [string, string]): readonly string[] | undefined {
  const first = lines.indexOf(start)
  const last = lines.indexOf(end, first + 1)
  return first < 0 || last < 0 ? undefined : lines.slice(first + 1, last)
}
