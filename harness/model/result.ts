import { type Static, Type } from '@sinclair/typebox'
import { closedObject } from './closed-object.ts'
import { severities, suiteNames } from './requirement.ts'
import { statusNames } from './status.ts'

/** One of these words; typed as such. */
export const literals = <const T extends readonly string[]>(values: T) =>
  Type.Unsafe<T[number]>(Type.Union(values.map((value) => Type.Literal(value))))

const suiteSchema = literals(suiteNames)
const severitySchema = literals(severities)
const statusSchema = literals(statusNames)

/** One observation of a requirement that is not met, or explains its skip, waiver, error, block, or why it does not apply. */
const findingSchema = closedObject({
  message: Type.String({ description: 'What was seen and what was expected.' }),
  path: Type.Optional(Type.String({ description: 'Absolute path inside the image.' })),
  remedy: Type.Optional(Type.String({ description: 'What to change.' })),
})

export const requirementResultSchema = closedObject({
  id: Type.String({ description: 'AREA-NNN, as verify --list prints it.' }),
  suite: suiteSchema,
  title: Type.String(),
  severity: severitySchema,
  status: statusSchema,
  blockedBy: Type.Optional(
    Type.String({ description: 'With the status blocked: ID of the requirement whose failure is the cause.' }),
  ),
  reusedFrom: Type.Optional(
    Type.String({
      description:
        'When an earlier run found this result, with the duration given, ISO 8601, UTC; absent where this run did.',
    }),
  ),
  durationMs: Type.Number({ minimum: 0 }),
  guestTime: Type.Optional(
    closedObject(
      {
        ranMs: Type.Number({ minimum: 0, description: 'In which they could run.' }),
        waitedMs: Type.Number({ minimum: 0, description: 'In which they waited for a processor of the host.' }),
      },
      { description: 'The life of the guests during the test; absent where it had none.' },
    ),
  ),
  findings: Type.Array(findingSchema),
  evidence: Type.Optional(
    Type.String({
      description: "What the image itself printed: the console's end, a command's output. Untrusted text.",
    }),
  ),
})

export const metricSchema = closedObject({
  name: Type.String({ description: 'Unit last, as in boot_ready_ms.' }),
  unit: Type.String(),
  tier: Type.Union([Type.Literal(0), Type.Literal(1), Type.Literal(2)], {
    description: '0 exact instruction count, 1 CPU time of the emulator, 2 wall time.',
  }),
  samples: Type.Array(Type.Number(), { description: 'In the order they were taken.' }),
})

export type Finding = Static<typeof findingSchema>
export type RequirementResult = Static<typeof requirementResultSchema>
export type Metric = Static<typeof metricSchema>
