import type { TSchema } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { spdxSchema } from '../../harness/inspect/materials/spdx-schema.ts'
import { profileSchema } from '../../harness/profile/profile-schema.ts'
import { reportSchema } from '../../harness/report/schema.ts'

interface CompiledCheck {
  schema: TSchema
  /** Name of the check. */
  name: string
  /** What it says that a value is, and the module beside it that has this type. */
  type: string
  module: string
}

/** What every run checks, by the file that holds the check. */
const compiledChecks: Readonly<Record<string, CompiledCheck>> = {
  'harness/report/report-check.generated.ts': {
    ...{ schema: reportSchema, name: 'isReport' },
    ...{ type: 'Report', module: './schema.ts' },
  },
  'harness/profile/profile-check.generated.ts': {
    ...{ schema: profileSchema, name: 'isProfile' },
    ...{ type: 'Profile', module: './profile-schema.ts' },
  },
  'harness/inspect/materials/spdx-check.generated.ts': {
    ...{ schema: spdxSchema, name: 'isSpdxDocument' },
    ...{ type: 'SpdxDocument', module: './spdx-schema.ts' },
  },
}

/** The checks as modules, by their files: with TypeBox itself 250 modules are loaded, which takes half as long as a static run. */
export const compiledCheckFiles: readonly (readonly [string, () => string])[] = Object.entries(compiledChecks).map(
  ([path, check]) => [path, () => moduleOf(check)],
)

const moduleOf = ({
  schema,
  name,
  type,
  module,
}: CompiledCheck): string => `// Made by "npm run docs" from the schema in ${module}, by TypeBox's compiler.
// @ts-nocheck It is JavaScript; Node refuses what the compiler writes as TypeScript.
import type { ${type} } from '${module}'

export const ${name}: (value: unknown) => value is ${type} = (() => {
${TypeCompiler.Code(schema)}
})() as never
`
