import type { TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'

/** Where a value breaks a schema first, and how, such as `/verdict: Expected union value.` */
export function firstMistake(schema: TSchema, value: unknown): string {
  const mistake = Value.Errors(schema, value).First()
  return mistake ? `${mistake.path || '/'}: ${mistake.message}.` : '/: the compiled check and the schema differ.'
}
