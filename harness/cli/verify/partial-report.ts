import { join } from 'node:path'
import { allRequirements } from '../../../suites/all-requirements.ts'
import { withUnexplainedBroken } from '../../report/causes.ts'
import { isNotRun, unfinishedReason } from '../../report/not-run.ts'
import { mergedFormat } from '../../report/report-formats.ts'
import { writeReports } from '../../report/write-reports.ts'
import { askedOfImage } from './asked-of-image.ts'
import { billFileNames, billsOf } from './bill-file-names.ts'
import type { JudgedImage } from './image-states.ts'
import { reportOf } from './report-run.ts'
import { suitesForImage } from './suites-of-image.ts'
import type { Run } from './verify-run.ts'

/** Seldom enough to cost nothing: a report of two images is made in a tenth of a second. */
const writeEveryMs = 30_000

/**
 * Writes the reports while the run goes on, and at once when a signal ends it, with all that is known: the rest is not run. The function
 * that it returns ends that, before the report of the whole run is written.
 */
export function openPartialReport(run: Run): () => Promise<void> {
  let isOpen = true
  let written: Promise<unknown> = Promise.resolve()
  const write = (signal?: string): Promise<string> => {
    const writing = written.catch(() => {}).then(() => writePart(run, signal))
    written = writing
    return writing
  }
  const timer = setInterval(() => {
    if (!run.lifetime.hasEnded) write().catch((error: Error) => run.progress.warn(error.message))
  }, writeEveryMs).unref()
  run.lifetime.onInterrupt(async (signal) => (isOpen ? write(signal) : undefined))
  return async () => {
    isOpen = false
    clearInterval(timer)
    await written.catch(() => {})
  }
}

/** Returns a sentence on what was written. */
async function writePart(run: Run, signal: string | undefined): Promise<string> {
  const { out, formats } = run.options
  const images = run.known.images((image) => askedOf(run, image), unfinishedReason(signal))
  const billFiles = billFileNames(images)
  const extent = extentOf(images)
  const fault = { code: 'E_INTERRUPTED', message: faultText(extent, signal) } as const
  const report = await reportOf({ ...run, faults: [...run.faults, fault] }, images, billFiles)
  await writeReports(withUnexplainedBroken(report), out, allRequirements, {
    // What goes into a file of others is that of whole runs.
    formats: formats.filter((format) => format !== mergedFormat),
    artifacts: billsOf(images, billFiles),
  })
  return `Partial report: ${join(out, 'report.html')} (${extent.total - extent.notRun} of ${extent.total} requirements).`
}

/** Of a part of a run nobody knows what will come. */
const askedOf = (run: Run, image: JudgedImage) =>
  run.options.shard === undefined ? askedOfImage(run, suitesForImage(run, image).judging, image) : []

interface Extent {
  notRun: number
  total: number
}

function extentOf(images: readonly JudgedImage[]): Extent {
  const results = images.flatMap(({ requirements }) => requirements)
  return { notRun: results.filter(isNotRun).length, total: results.length }
}

function faultText({ notRun, total }: Extent, signal: string | undefined): string {
  const left = `${notRun} of ${total} requirements were not run`
  return signal === undefined
    ? `The run has not ended, or was killed: ${left} when this report was written.`
    : `The run was interrupted by ${signal}: ${left}.`
}
