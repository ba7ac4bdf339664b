import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { markers } from '../contract/markers.ts'
import type { SuiteCoordinates } from '../guest/prepare/coordinates.ts'
import { type ConsoleReport, readReport } from '../guest/runner/console-report.ts'
import { bootOneShot, type ContractBoot } from '../guest/runner/contract-boot.ts'
import type { OneShotAnswer } from '../machine/one-shot.ts'
import type { RunningGuest } from '../machine/start-guest.ts'
import { GuestFault, sharedFault } from '../model/faults.ts'
import type { Lifetime } from '../platform/process/lifetime.ts'

/** A one-shot boot that has ended, with what its command reported on the console beside the answer. */
export interface ReportedBoot {
  guest: RunningGuest
  answer: OneShotAnswer
  report: ConsoleReport
  /** One section. Throws GuestFault where the command did not come to print it. */
  section(name: string): string
}

/** Boots once; the command should be made by `reportScript`. */
export async function bootReporting(
  coordinates: SuiteCoordinates,
  boot: ContractBoot,
  lifetime: Lifetime,
): Promise<ReportedBoot> {
  const { guest, answer } = await bootOneShot(coordinates, boot, lifetime)
  const report = readReport(guest.console.lines)
  const unreported = `sections of ${randomUUID()}`
  const section = (name: string): string => {
    const text = report.get(name)
    if (text === undefined) throw sharedFault(missingSection(name, guest, answer, report), unreported)
    return text
  }
  return { guest, answer, report, section }
}

function missingSection(
  name: string,
  guest: RunningGuest,
  { error }: OneShotAnswer,
  report: ConsoleReport,
): GuestFault {
  const last = [...report.keys()].at(-1)
  const reached = last === undefined ? 'never started to report' : `reported nothing after "${last}"`
  const reason = error === undefined ? '' : ` The image answered ${markers.error}: ${error}`
  return new GuestFault(`The command ${reached}; "${name}" is missing.${reason}`, guest.console.end())
}

/** Judges that the image refused: an error marker with a sentence, and nothing that looks like success. */
export function expectRefusal({ answer, guest }: { answer: OneShotAnswer; guest: RunningGuest }, what: string): void {
  if (answer.error === undefined)
    throw new GuestFault(`There is no line ${markers.error} in the answer to ${what}.`, guest.console.end())
  expect(answer.error, `the sentence after ${markers.error}, for ${what}`).toMatch(/\S/)
  expect(answer.output, `output beside the error, for ${what}`).toBeUndefined()
}

/** The mounts of a file system type that `/proc/mounts` shows at a place; the last one is on top. */
export function mountsAt(mounts: string, place: string): { device: string; type: string; options: string }[] {
  return mounts.split('\n').flatMap((line) => {
    const [device = '', mounted, type = '', options = ''] = line.split(' ')
    return mounted === place ? [{ device, type, options }] : []
  })
}
