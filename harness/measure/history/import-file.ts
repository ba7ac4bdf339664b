import { statSync } from 'node:fs'
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { ArchitectureName } from '../../model/architecture.ts'
import { CallFault } from '../../model/faults.ts'
import type { Metric } from '../../model/result.ts'
import { boundedJson } from '../../platform/bounded-file.ts'
import { type Report, reportSchema } from '../../report/schema.ts'
import { type HistoryRecord, recordsOf } from './record.ts'

const maxBytes = 64 * 1024 * 1024

const hyperfine = Type.Object({
  results: Type.Array(Type.Object({ command: Type.String(), times: Type.Array(Type.Number()) })),
})
const benchmarkAction = Type.Array(Type.Object({ name: Type.String(), unit: Type.String(), value: Type.Number() }))
const bencher = Type.Record(Type.String(), Type.Record(Type.String(), Type.Object({ value: Type.Number() })))

/** One format of another tool: how it is recognised, and the metrics in it. */
interface Format<S extends TSchema> {
  schema: S
  metrics: (value: Static<S>) => Metric[]
}

const format = <S extends TSchema>(schema: S, metrics: (value: Static<S>) => Metric[]): Format<S> => ({
  schema,
  metrics,
})
/** What another tool measured is wall time for all that we know. */
const foreign = (name: string, unit: string, samples: number[]): Metric => ({ name, unit, tier: 2, samples })

/** In the order in which they are tried: the last is the least particular. */
const formats = [
  format(hyperfine, ({ results }) => results.map(({ command, times }) => foreign(command, 's', times))),
  format(benchmarkAction, (entries) => entries.map(({ name, unit, value }) => foreign(name, unit, [value]))),
  format(bencher, (entries) =>
    Object.entries(entries).flatMap(([name, measures]) =>
      Object.entries(measures).map(([measure, { value }]) => foreign(name, bencherUnits[measure] ?? measure, [value])),
    ),
  ),
] as unknown as Format<TSchema>[]

/** Units of Bencher's own measures (bencher.dev, "Thresholds and Measures"). */
const bencherUnits: Record<string, string> = { latency: 'ns', 'file-size': 'bytes' }

/**
 * Reads what another run or another tool measured. `arch` is needed where the file does not tell. Throws CallFault for a
 * file of no known format.
 */
export async function importFile(path: string, arch?: ArchitectureName): Promise<HistoryRecord[]> {
  const value = boundedJson(path, 'measurement', maxBytes)
  if (Value.Check(reportSchema, value)) return recordsOf(value as Report)
  const found = formats.find(({ schema }) => Value.Check(schema, value))
  if (!found)
    throw new CallFault(`${path} is neither a report.json nor JSON of hyperfine, Bencher or github-action-benchmark.`)
  if (arch === undefined) throw new CallFault(`${path} does not state its architecture: add --arch NAME.`)
  // What other tools measured has no date in it.
  return [{ schemaVersion: 1, at: statSync(path).mtime.toISOString(), arch, metrics: found.metrics(value) }]
}
