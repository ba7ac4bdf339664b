import { type Static, Type } from '@sinclair/typebox'
import { architectureNames } from '../model/architecture.ts'
import { suiteNames } from '../model/requirement.ts'
import { bootSchema, configurationSchema, historySchema, packagesSchema, pullSchema } from './details-schema.ts'

const literals = <const T extends readonly string[]>(values: T) =>
  Type.Unsafe<T[number]>(Type.Union(values.map((value) => Type.Literal(value))))

export const suiteSchema = literals(suiteNames)
export const severitySchema = literals(['blocker', 'error', 'warning', 'info'])
export const statusNames = ['pass', 'fail', 'error', 'blocked', 'skip', 'waived', 'not-applicable'] as const
export const statusSchema = literals(statusNames)

/** One observation that speaks against a requirement, or explains its skip, waiver, error, block, or why it does not apply. */
export const findingSchema = Type.Object(
  {
    message: Type.String({ description: 'What was seen and what was expected.' }),
    path: Type.Optional(Type.String({ description: 'Absolute path inside the image.' })),
    remedy: Type.Optional(Type.String({ description: 'What to change.' })),
  },
  { additionalProperties: false },
)

export const requirementResultSchema = Type.Object(
  {
    id: Type.String({ description: 'AREA-NNN, as verify --list prints it.' }),
    suite: suiteSchema,
    title: Type.String(),
    severity: severitySchema,
    status: statusSchema,
    blockedBy: Type.Optional(
      Type.String({ description: 'With the status blocked: ID of the requirement whose failure is the cause.' }),
    ),
    durationMs: Type.Number({ minimum: 0 }),
    findings: Type.Array(findingSchema),
    evidence: Type.Optional(
      Type.String({
        description: "What the image itself printed: the console's end, a command's output. Untrusted text.",
      }),
    ),
  },
  { additionalProperties: false },
)

export const metricSchema = Type.Object(
  {
    name: Type.String({ description: 'Unit last, as in boot_ready_ms.' }),
    unit: Type.String(),
    tier: Type.Union([Type.Literal(0), Type.Literal(1), Type.Literal(2)], {
      description: '0 exact instruction count, 1 CPU time of the emulator, 2 wall time.',
    }),
    samples: Type.Array(Type.Number(), { description: 'In the order they were taken.' }),
  },
  { additionalProperties: false },
)

/** What shaped a measurement beside the image; only measurements with the same key are compared. */
export const measurementKeySchema = Type.Object(
  {
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
  },
  { additionalProperties: false },
)

export const kernelSchema = Type.Object(
  {
    version: Type.String({ description: 'As `uname -r` prints it, or unknown.' }),
    origin: literals(['kit', 'user']),
  },
  { additionalProperties: false, description: 'The kernel that booted the image; absent where nothing was booted.' },
)

export const imageReportSchema = Type.Object(
  {
    file: Type.String(),
    sha256: Type.String(),
    sizeBytes: Type.Integer({ minimum: 0 }),
    arch: literals(architectureNames),
    profile: Type.String(),
    profileReason: Type.Optional(
      Type.String({ description: 'What in the image speaks for this profile; absent where it was named.' }),
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
  },
  { additionalProperties: false },
)

export const verdictSchema = literals(['conforms', 'does-not-conform', 'error'])

/** Which part of a run this is; `verify.mjs merge` makes one report of all parts. */
export const shardSchema = Type.Object(
  {
    index: Type.Integer({ minimum: 1 }),
    count: Type.Integer({ minimum: 1 }),
    expected: Type.Array(Type.String(), { description: 'IDs that all parts together must answer for each image.' }),
  },
  { additionalProperties: false },
)

export const reportSchema = Type.Object(
  {
    schemaVersion: Type.Literal(1),
    harnessVersion: Type.Optional(Type.String()),
    startedAt: Type.Optional(Type.String({ description: 'ISO 8601, UTC.' })),
    shard: Type.Optional(shardSchema),
    verdict: verdictSchema,
    images: Type.Array(imageReportSchema),
    faults: Type.Optional(
      Type.Array(Type.String(), { description: 'What failed outside the images: the harness or its surroundings.' }),
    ),
    host: Type.Object(
      {
        accelerator: Type.String(),
        acceleratorReason: Type.String(),
        qemuVersion: Type.String(),
        cpuCount: Type.Integer({ minimum: 1 }),
      },
      { additionalProperties: false },
    ),
    harnessDurationMs: Type.Number({ minimum: 0 }),
  },
  { additionalProperties: false, $id: 'vpdmn-conformance-report', title: 'vpdmn-conformance report' },
)

export type Verdict = Static<typeof verdictSchema>
export type SuiteName = Static<typeof suiteSchema>
export type Severity = Static<typeof severitySchema>
export type Status = Static<typeof statusSchema>
export type Finding = Static<typeof findingSchema>
export type RequirementResult = Static<typeof requirementResultSchema>
export type Metric = Static<typeof metricSchema>
export type MeasurementKey = Static<typeof measurementKeySchema>
export type ImageReport = Static<typeof imageReportSchema>
export type Shard = Static<typeof shardSchema>
export type Report = Static<typeof reportSchema>
