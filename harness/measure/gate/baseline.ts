import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { ArchitectureName } from '../../model/architecture.ts'
import { CallFault } from '../../model/faults.ts'
import type { Metric } from '../../model/result.ts'
import { boundedJson } from '../../platform/bounded-file.ts'
import { imageReportSchema, type MeasurementKey, measurementKeySchema } from '../../report/schema.ts'
import { requireComparable } from '../measurement-key.ts'

/** A report of 100 images has a few MB. */
const maxBytes = 64 * 1024 * 1024

const { arch, metrics } = imageReportSchema.properties

/** What a baseline must hold of a report.json; the rest of it does not matter here. */
const baselineSchema = Type.Object({
  schemaVersion: Type.Literal(1),
  images: Type.Array(Type.Object({ arch, metrics, measurement: Type.Optional(measurementKeySchema) })),
})

export interface Baseline {
  file: string
  images: { arch: ArchitectureName; metrics: Metric[]; measurement?: MeasurementKey }[]
}

/** Reads a report.json of an earlier run. Throws CallFault for what is none. */
export async function readBaseline(file: string): Promise<Baseline> {
  const value = boundedJson(file, 'baseline', maxBytes)
  const [mistake] = Value.Errors(baselineSchema, value)
  if (mistake)
    throw new CallFault(
      `The baseline ${file} is not a report.json of this harness: at ${mistake.path || 'its top'}, ${mistake.message}.`,
    )
  return { file, images: Value.Cast(baselineSchema, value).images as Baseline['images'] }
}

/** The baseline's metrics for a measurement. Throws CallFault where there are none, or none that are comparable. */
export function baselineMetrics({ file, images }: Baseline, key: MeasurementKey): Metric[] {
  const measured = images.filter((image) => image.arch === key.arch && image.measurement !== undefined)
  const [only, ...others] = measured
  if (only?.measurement === undefined || others.length > 0)
    throw new CallFault(
      `The baseline ${file} holds ${measured.length} measured images of ${key.arch}, expected one: ` +
        'make it by verify.mjs IMAGE --suite performance.',
    )
  requireComparable(only.measurement, key, file)
  return only.metrics
}
