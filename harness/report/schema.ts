import { type Static, Type } from '@sinclair/typebox'
import { architectureNames } from '../model/architecture.ts'
import { bootSchema } from '../model/boot.ts'
import { closedObject } from '../model/closed-object.ts'
import { engineNames } from '../model/engine.ts'
import { suiteNames } from '../model/requirement.ts'
import { literals, metricSchema, requirementResultSchema } from '../model/result.ts'
import { configurationSchema, historySchema, packagesSchema, pullSchema } from './details-schema.ts'

/** What shaped a measurement beside the image; only measurements with the same key are compared. */
export const measurementKeySchema = closedObject({
  arch: literals(architectureNames),
  machine: Type.String(),
  cpu: Type.String(),
  accelerator: Type.String({ description: 'With the options of QEMU that make the machine exact.' }),
  qemu: Type.String({ description: 'Its version.' }),
  cpuCount: Type.String(),
  memoryMiB: Type.String(),
  devices: Type.String({ description: 'How many the machine has.' }),
  kernel: Type.String({ description: 'SHA-256.' }),
  initramfs: Type.String({ description: 'SHA-256, without the image and the workload.' }),
  parameters: Type.String({ description: 'Of the kernel.' }),
  workload: Type.String({ description: 'SHA-256 of what the guest runs and pulls.' }),
})

const kernelSchema = closedObject(
  {
    version: Type.String({ description: 'As `uname -r` prints it, or unknown.' }),
    origin: literals(['kit', 'user']),
  },
  { description: 'The kernel that booted the image; absent where nothing was booted.' },
)

export const imageReportSchema = closedObject({
  file: Type.String(),
  sha256: Type.String(),
  sizeBytes: Type.Integer({ minimum: 0 }),
  arch: literals(architectureNames),
  engine: Type.Optional(literals(engineNames)),
  profile: Type.String(),
  profileReason: Type.Optional(
    Type.String({ description: 'What in the image speaks for this profile; absent where it was named.' }),
  ),
  notJudgedBy: Type.Optional(
    Type.Array(literals(suiteNames), {
      description: 'Suites that were asked for and judge no image of this engine; absent where there are none.',
    }),
  ),
  kernel: Type.Optional(kernelSchema),
  requirements: Type.Array(requirementResultSchema),
  metrics: Type.Array(metricSchema),
  measurement: Type.Optional(measurementKeySchema),
  billOfMaterials: Type.Optional(
    Type.String({ description: 'File beside report.json: what the image is made of, in SPDX 2.3.' }),
  ),
  boots: Type.Optional(Type.Array(bootSchema)),
  pulls: Type.Optional(Type.Array(pullSchema)),
  history: Type.Optional(Type.Array(historySchema)),
  configuration: Type.Optional(configurationSchema),
  packages: Type.Optional(packagesSchema),
})

const verdictSchema = literals(['conforms', 'does-not-conform', 'error'])

/** Which part of a run this is; `verify.mjs merge` makes one report of all parts. */
const shardSchema = closedObject({
  index: Type.Integer({ minimum: 1 }),
  count: Type.Integer({ minimum: 1 }),
  expected: Type.Array(Type.String(), { description: 'IDs that all parts together must answer for each image.' }),
})

export const reportSchema = closedObject(
  {
    schemaVersion: Type.Literal(1),
    harnessVersion: Type.Optional(Type.String()),
    startedAt: Type.Optional(Type.String({ description: 'ISO 8601, UTC.' })),
    seed: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'What words and numbers of the guest suites were drawn from; `--seed` draws the same.',
      }),
    ),
    shard: Type.Optional(shardSchema),
    verdict: verdictSchema,
    images: Type.Array(imageReportSchema),
    faults: Type.Optional(
      Type.Array(Type.String(), { description: 'What failed outside the images: the harness or its environment.' }),
    ),
    faultDetails: Type.Optional(
      Type.Array(
        closedObject({
          code: Type.String({ description: 'What failed, in a word that does not change, such as E_NO_QEMU.' }),
          message: Type.String(),
        }),
        { description: 'The faults with their codes.' },
      ),
    ),
    host: closedObject({
      accelerator: Type.String(),
      acceleratorReason: Type.String(),
      qemuVersion: Type.String(),
      confinement: Type.Optional(
        Type.String({ description: 'What kept a guest that breaks out of QEMU; absent where none was started.' }),
      ),
      confinementGaps: Type.Optional(
        Type.Array(Type.String(), { description: 'What of that is not in force, and why; absent where all is.' }),
      ),
      cpuCount: Type.Integer({ minimum: 1 }),
    }),
    harnessDurationMs: Type.Number({ minimum: 0 }),
  },
  { $id: 'vpdmn-conformance-report', title: 'vpdmn-conformance report' },
)

export type Verdict = Static<typeof verdictSchema>
export type MeasurementKey = Static<typeof measurementKeySchema>
export type ImageReport = Static<typeof imageReportSchema>
export type Report = Static<typeof reportSchema>
