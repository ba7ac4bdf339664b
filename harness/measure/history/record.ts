import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { closedObject } from '../../model/closed-object.ts'
import { imageReportSchema, type Report, reportSchema } from '../../report/schema.ts'

const { arch, sha256, sizeBytes, metrics, measurement } = imageReportSchema.properties
const { host, harnessVersion } = reportSchema.properties

/** One line of a history: what one run measured of one image, every sample in order, and where. */
const recordSchema = closedObject({
  schemaVersion: Type.Literal(1),
  at: Type.String({ description: 'ISO 8601, UTC.' }),
  run: Type.Optional(Type.String({ description: 'What tells the run from others, such as a commit.' })),
  ...{ arch, metrics, measurement },
  // What another tool measured does not tell the image.
  sha256: Type.Optional(sha256),
  sizeBytes: Type.Optional(sizeBytes),
  host: Type.Optional(host),
  harnessVersion,
})

export type HistoryRecord = Static<typeof recordSchema>

/** The records of a report, one for each image. */
export function recordsOf(report: Report, run?: string): HistoryRecord[] {
  return report.images.map((image) => ({
    schemaVersion: 1,
    at: report.startedAt ?? new Date(0).toISOString(),
    ...(run !== undefined && { run }),
    ...{ arch: image.arch, sha256: image.sha256, sizeBytes: image.sizeBytes, metrics: image.metrics },
    ...(image.measurement && { measurement: image.measurement }),
    host: report.host,
    ...(report.harnessVersion !== undefined && { harnessVersion: report.harnessVersion }),
  }))
}

/** A line as a record; undefined for one that is damaged. */
export function readRecord(line: string): HistoryRecord | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return Value.Check(recordSchema, value) ? value : undefined
  } catch {
    return undefined
  }
}
