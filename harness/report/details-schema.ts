import { type Static, Type } from '@sinclair/typebox'

const originSchema = Type.String({ description: 'The file or variable that a value came from.' })

const configurationFileSchema = Type.Object(
  {
    kind: Type.String({ description: 'containers, storage or registries.' }),
    read: Type.Array(Type.String(), { description: 'Later files override earlier ones.' }),
    ignored: Type.Array(Type.Object({ path: Type.String(), reason: Type.String() }, { additionalProperties: false })),
    values: Type.Array(
      Type.Object(
        { key: Type.String(), value: Type.String({ description: 'As JSON.' }), origin: originSchema },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
)

/** What podman in the image sees: a bounded selection of what verify --effective-config prints. */
export const configurationSchema = Type.Object(
  {
    podman: Type.Optional(Type.String({ description: 'Its version.' })),
    files: Type.Array(configurationFileSchema),
    environment: Type.Array(
      Type.Object({ name: Type.String(), value: Type.String(), origin: originSchema }, { additionalProperties: false }),
    ),
  },
  { additionalProperties: false },
)

const packageSchema = Type.Object(
  {
    name: Type.String(),
    version: Type.Optional(Type.String()),
    license: Type.Optional(Type.String()),
    url: Type.String({ description: 'Package URL.' }),
  },
  { additionalProperties: false },
)

export const packagesSchema = Type.Object(
  {
    source: Type.String({ description: 'Where they were read, in a sentence.' }),
    listed: Type.Array(packageSchema),
    leftOut: Type.Integer({ minimum: 0, description: 'Further ones, which only the bill of materials has.' }),
  },
  { additionalProperties: false },
)

/** One pull as a waterfall: what the registry served and what the guest did, each with its start on one clock. */
export const pullSchema = Type.Object(
  {
    reference: Type.String({ description: 'The image as it was asked for.' }),
    requirement: Type.Optional(Type.String({ description: 'Which requirement it answered, as an ID.' })),
    steps: Type.Array(
      Type.Object(
        {
          side: Type.Union([Type.Literal('registry'), Type.Literal('guest')]),
          name: Type.String({ description: 'A request such as GET manifest, or a part of the work such as unpack.' }),
          startMs: Type.Number({ minimum: 0, description: 'From the start of the pull.' }),
          durationMs: Type.Number({ minimum: 0 }),
          sizeBytes: Type.Optional(Type.Integer({ minimum: 0, description: 'Body bytes of the answer.' })),
          status: Type.Optional(Type.Integer({ description: 'HTTP status.' })),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
)

/** How a metric went over earlier runs, oldest first; this run is the last point. */
export const historySchema = Type.Object(
  {
    metric: Type.String(),
    unit: Type.String(),
    points: Type.Array(
      Type.Object(
        {
          at: Type.String({ description: 'ISO 8601, UTC.' }),
          value: Type.Number({ description: 'Median of the run.' }),
          run: Type.Optional(Type.String({ description: 'What tells the run from others, such as a commit.' })),
        },
        { additionalProperties: false },
      ),
    ),
    baseline: Type.Optional(Type.Number({ description: 'What this run was compared with.' })),
    changePoints: Type.Array(Type.Integer({ minimum: 0 }), { description: 'Points from which the level is another.' }),
  },
  { additionalProperties: false },
)

export type ShownConfiguration = Static<typeof configurationSchema>
export type ShownPackages = Static<typeof packagesSchema>
export type Pull = Static<typeof pullSchema>
export type History = Static<typeof historySchema>
