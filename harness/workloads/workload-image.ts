import { type Static, Type } from '@sinclair/typebox'
import { architectureNames } from '../model/architecture.ts'
import { literals } from '../model/result.ts'

const descriptorSchema = Type.Object({
  mediaType: Type.String(),
  /** `sha256:` and 64 hexadecimal digits. */
  digest: Type.String({ pattern: '^sha256:[a-f0-9]{64}$' }),
  /** As stated to clients, in bytes. */
  size: Type.Integer({ minimum: 0 }),
})

export const workloadImageSchema = Type.Object({
  name: Type.String(),
  references: Type.Array(Type.String()),
  /** The multi-architecture index: what a tag points to. */
  index: descriptorSchema,
  manifests: Type.Array(
    Type.Object({
      arch: literals(architectureNames),
      manifest: descriptorSchema,
      config: descriptorSchema,
      layers: Type.Array(descriptorSchema),
    }),
  ),
})

/** A pointer to content (OCI image specification, "Content Descriptors"). */
export type Descriptor = Static<typeof descriptorSchema>

/** A workload that was made: all its blobs exist. */
export type WorkloadImage = Static<typeof workloadImageSchema>
