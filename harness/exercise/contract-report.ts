import { expect } from 'vitest'
import type { OneShotAnswer } from '../boot/one-shot.ts'
import type { RunningGuest } from '../boot/start-guest.ts'
import { GuestFault } from '../faults.ts'
import type { Lifetime } from '../process/lifetime.ts'
import { type ConsoleReport, readReport } from './console-report.ts'
import { bootOneShot, type ContractBoot } from './contract-boot.ts'
import type { SuiteCoordinates } from './coordinates.ts'

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
  return { guest, answer, report, section: (name) => sectionOf(name, guest, answer, report) }
}

function sectionOf(name: string, guest: RunningGuest, { error }: OneShotAnswer, report: ConsoleReport): string {
  const text = report.get(name)
  if (text !== undefined) return text
  const reason = error === undefined ? '' : ` The image answered ===ERROR===: ${error}`
  throw new GuestFault(`The command did not come to report "${name}".${reason}`, guest.console.end())
}

/** Judges that the image refused: `===ERROR===` with a sentence, and nothing that looks like success. */
export function expectRefusal({ answer, guest }: { answer: OneShotAnswer; guest: RunningGuest }, what: string): void {
  if (answer.error === undefined)
    throw new GuestFault(`There is no line ===ERROR=== in the answer to ${what}.`, guest.console.end())
  expect(answer.error, `the sentence after ===ERROR===, for ${what}`).toMatch(/\S/)
  expect(answer.output, `output beside the error, for ${what}`).toBeUndefined()
}

/** The mounts of a file system type that `/proc/mounts` shows at a place; the last one is on top. */
export function mountsAt(mounts: string, place: string): { device: string; type: string; options: string }[] {
  return mounts.split('\n').flatMap((line) => {
    const [device = '', mounted, type = '', options = ''] = line.split(' ')
    return mounted === place ? [{ device, type, options }] : []
  })
}
