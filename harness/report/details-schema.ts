import { type Static, Type } from '@sinclair/typebox'
import { closedObject } from '../model/closed-object.ts'

const originSchema = Type.String({ description: 'The file or variable that a value came from.' })

const configurationFileSchema = closedObject({
  kind: Type.String({ description: 'containers, storage or registries.' }),
  read: Type.Array(Type.String(), { description: 'Later files override earlier ones.' }),
  ignored: Type.Array(closedObject({ path: Type.String(), reason: Type.String() })),
  values: Type.Array(
    closedObject({ key: Type.String(), value: Type.String({ description: 'As JSON.' }), origin: originSchema }),
  ),
})

/** What podman in the image sees: a bounded selection of what verify --effective-config prints. */
export const configurationSchema = closedObject({
  podman: Type.Optional(Type.String({ description: 'Its version.' })),
  files: Type.Array(configurationFileSchema),
  environment: Type.Array(closedObject({ name: Type.String(), value: Type.String(), origin: originSchema })),
})

const packageSchema = closedObject({
  name: Type.String(),
  version: Type.Optional(Type.String()),
  license: Type.Optional(Type.String()),
  url: Type.String({ description: 'Package URL.' }),
})

export const packagesSchema = closedObject({
  source: Type.String({ description: 'Where they were read, in a sentence.' }),
  listed: Type.Array(packageSchema),
  leftOut: Type.Integer({ minimum: 0, description: 'Further ones, which only the bill of materials has.' }),
})

/** One pull as a waterfall: what the registry served and what the guest did, each with its start on one clock. */
export const pullSchema = closedObject({
  reference: Type.String({ description: 'The image as it was asked for.' }),
  requirement: Type.Optional(Type.String({ description: 'Which requirement it answered, as an ID.' })),
  steps: Type.Array(
    closedObject({
      side: Type.Union([Type.Literal('registry'), Type.Literal('guest')]),
      name: Type.String({ description: 'A request such as GET manifest, or a part of the work such as unpack.' }),
      startMs: Type.Number({ minimum: 0, description: 'From the start of the pull.' }),
      durationMs: Type.Number({ minimum: 0 }),
      sizeBytes: Type.Optional(Type.Integer({ minimum: 0, description: 'Body bytes of the answer.' })),
      status: Type.Optional(Type.Integer({ description: 'HTTP status.' })),
    }),
  ),
})

/** How a metric went over earlier runs, oldest first; this run is the last point. */
export const historySchema = closedObject({
  metric: Type.String(),
  unit: Type.String(),
  points: Type.Array(
    closedObject({
      at: Type.String({ description: 'ISO 8601, UTC.' }),
      value: Type.Number({ description: 'Median of the run.' }),
      run: Type.Optional(Type.String({ description: 'What tells the run from others, such as a commit.' })),
    }),
  ),
  baseline: Type.Optional(Type.Number({ description: 'What this run was compared with.' })),
  changePoints: Type.Array(Type.Integer({ minimum: 0 }), { description: 'Points from which the level is another.' }),
})

export type ShownConfiguration = Static<typeof configurationSchema>
export type ShownPackages = Static<typeof packagesSchema>
export type Pull = Static<typeof pullSchema>
export type History = Static<typeof historySchema>
