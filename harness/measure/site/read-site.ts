import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CallFault, EnvironmentFault } from '../../model/faults.ts'
import { readReport } from '../../report/merge/read-report.ts'
import type { Report } from '../../report/schema.ts'
import { type HistoryRecord, recordsOf } from '../history/record.ts'
import { type ImageLine, imageName, type JudgedOnce, judgedOnce, releaseOf } from './image-line.ts'

/** What a folder of reports tells. */
export interface Site {
  lines: readonly MeasuredLine[]
  reportCount: number
  /** Why files that are called report.json are not in it, a sentence each. */
  passedOver: readonly string[]
}

/** An image with what each of its runs measured, the oldest first. */
export interface MeasuredLine extends ImageLine {
  records: readonly HistoryRecord[]
}

/** Folders below the given one in which reports are looked for: one for each run, below one for each image or machine. */
const patterns = ['', '*/', '*/*/', '*/*/*/'].map((folders) => `${folders}report.json`)

/** More than years of nightly runs have. */
const maxReports = 4096

/** Reads the reports in a folder and below it, one after the other. Throws CallFault where there are none, or too many. */
export function readSite(folder: string): Site {
  const paths = globSync(patterns, { cwd: folder }).sort()
  if (paths.length === 0) throw new CallFault(`${folder} holds no report.json, nor do folders below it.`)
  if (paths.length > maxReports)
    throw new CallFault(`${folder} holds ${paths.length} reports; a site takes ${maxReports} at most.`)
  const collector = new LineCollector()
  const passedOver = paths.flatMap((path) => passedOverReason(collector, folder, dirname(path)))
  return { lines: collector.lines(), reportCount: paths.length - passedOver.length, passedOver }
}

/** Adds a report; returns why it could not be, if it could not. */
function passedOverReason(collector: LineCollector, folder: string, own: string): string[] {
  try {
    const report = readReport(join(folder, own))
    if (report.shard)
      return [`${join(own, 'report.json')} is part ${report.shard.index} of a run: merge makes a report of all.`]
    collector.add(report, own)
    return []
  } catch (error) {
    if (error instanceof CallFault || error instanceof EnvironmentFault) return [error.message]
    throw error
  }
}

/** Of each report no more is kept than is shown. */
class LineCollector {
  readonly #lines = new Map<string, ImageLine & { measured: { run: JudgedOnce; record: HistoryRecord }[] }>()

  add(report: Report, folder: string): void {
    const records = recordsOf(report)
    for (const [index, image] of report.images.entries()) {
      const facts = { name: imageName(image), release: releaseOf(image), arch: image.arch }
      const key = JSON.stringify(facts)
      const line = this.#lines.get(key) ?? { ...facts, runs: [], measured: [] }
      this.#lines.set(key, line)
      const run = judgedOnce(image, report, folder)
      line.measured.push({ run, record: records[index] as HistoryRecord })
    }
  }

  lines(): MeasuredLine[] {
    return [...this.#lines.values()]
      .map(({ measured, ...line }) => {
        const sorted = measured.toSorted((a, b) => a.run.at.localeCompare(b.run.at))
        return { ...line, runs: sorted.map(({ run }) => run), records: sorted.map(({ record }) => record) }
      })
      .toSorted((a, b) => `${a.name} ${a.release}`.localeCompare(`${b.name} ${b.release}`))
  }
}
