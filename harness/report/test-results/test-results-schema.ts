import { type Static, Type } from '@sinclair/typebox'
import { closedObject } from '../../model/closed-object.ts'

/**
 * What testimage writes and resulttool reads (oe-core, meta/lib/oeqa/core/runner.py and scripts/lib/resulttool). `resulttool
 * junit` ends in a traceback where an entry has no duration, `store` where there is no layer `meta`. Names that begin like those
 * of ptest and LTP are taken apart as theirs.
 */
const testResultSchema = closedObject({
  status: Type.Union(['PASSED', 'FAILED', 'ERROR', 'SKIPPED', 'XFAIL'].map((status) => Type.Literal(status))),
  duration: Type.Number({ minimum: 0, description: 'In seconds.' }),
  log: Type.Optional(Type.String()),
})

const layerSchema = closedObject({ branch: Type.String(), commit: Type.String(), commit_count: Type.Integer() })

const configurationSchema = closedObject({
  TEST_TYPE: Type.Literal('runtime'),
  MACHINE: Type.String({ minLength: 1 }),
  DISTRO: Type.String(),
  IMAGE_BASENAME: Type.String({ minLength: 1 }),
  IMAGE_PKGTYPE: Type.String(),
  STARTTIME: Type.String({ pattern: '^\\d{14}$' }),
  HOST_DISTRO: Type.String(),
  LAYERS: Type.Intersect([Type.Object({ meta: layerSchema }), Type.Record(Type.String(), layerSchema)]),
})

const testRunSchema = closedObject({
  configuration: configurationSchema,
  result: Type.Record(
    Type.String({ pattern: '^(?!ptestresult\\.|ltpresult\\.|ltpposixresult\\.)' }),
    testResultSchema,
    { additionalProperties: false },
  ),
})

/** Runs by `runtime_IMAGE_MACHINE_STARTTIME`. */
export const testResultsSchema = Type.Record(Type.String({ pattern: '^runtime_' }), testRunSchema, {
  additionalProperties: false,
})

export type TestResult = Static<typeof testResultSchema>
export type TestConfiguration = Static<typeof configurationSchema>
export type TestResults = Static<typeof testResultsSchema>
