import { reportSchema } from './schema.ts'

/** The published schema, in the words of JSON Schema. */
export const reportSchemaJson = (): string =>
  `${JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...reportSchema }, null, 2)}\n`
