import { Value } from '@sinclair/typebox/value'
import { type Report, reportSchema } from '../schema.ts'

/** A report as report.json holds it. Throws for one that breaks its published schema: that is the harness's own mistake. */
export function reportJson(report: Report): string {
  const [mistake] = Value.Errors(reportSchema, report)
  if (mistake) throw new Error(`The report breaks its schema at ${mistake.path || '/'}: ${mistake.message}.`)
  return `${JSON.stringify(report, null, 2)}\n`
}

/** The published schema, in the words of JSON Schema. */
export const reportSchemaJson = (): string =>
  `${JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...reportSchema }, null, 2)}\n`
