import { type Static, Type } from '@sinclair/typebox'
import { closedObject } from '../../model/closed-object.ts'

/** SPDX 2.3, clauses 6.3 and 7.2: letters, digits, full stops and hyphens. */
const elementId = Type.String({ pattern: '^SPDXRef-[A-Za-z0-9.-]+$' })
/** Clause 7.1 and others: a single line of text. */
const line = Type.String({ minLength: 1, pattern: '^[^\\u0000-\\u001f\\u007f]+$' })
const noAssertion = Type.Literal('NOASSERTION')

const packageSchema = closedObject({
  SPDXID: elementId,
  name: line,
  versionInfo: Type.Optional(line),
  sourceInfo: Type.Optional(line),
  packageFileName: Type.Optional(line),
  primaryPackagePurpose: Type.Optional(
    Type.Union([Type.Literal('APPLICATION'), Type.Literal('LIBRARY'), Type.Literal('OPERATING-SYSTEM')]),
  ),
  downloadLocation: noAssertion,
  filesAnalyzed: Type.Literal(false),
  checksums: Type.Optional(
    Type.Array(
      closedObject({ algorithm: Type.Literal('SHA256'), checksumValue: Type.String({ pattern: '^[0-9a-f]{64}$' }) }),
    ),
  ),
  licenseConcluded: noAssertion,
  licenseDeclared: line,
  copyrightText: noAssertion,
  externalRefs: Type.Optional(
    Type.Array(
      closedObject({
        referenceCategory: Type.Literal('PACKAGE-MANAGER'),
        referenceType: Type.Literal('purl'),
        referenceLocator: Type.String({ pattern: '^pkg:[a-z]+/[^\\s]+$' }),
      }),
    ),
  ),
})

/** What our documents use of SPDX 2.3 in JSON, as its specification bounds it (clauses 6 to 11). */
export const spdxSchema = closedObject({
  spdxVersion: Type.Literal('SPDX-2.3'),
  dataLicense: Type.Literal('CC0-1.0'),
  SPDXID: Type.Literal('SPDXRef-DOCUMENT'),
  name: line,
  documentNamespace: Type.String({ pattern: '^https://[^\\s#]+$' }),
  creationInfo: closedObject({
    created: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$' }),
    creators: Type.Array(Type.String({ pattern: '^Tool: \\S+$' }), { minItems: 1 }),
    comment: line,
  }),
  packages: Type.Array(packageSchema, { minItems: 1 }),
  hasExtractedLicensingInfos: Type.Array(
    closedObject({ licenseId: Type.String({ pattern: '^LicenseRef-[A-Za-z0-9.-]+$' }), extractedText: Type.String() }),
  ),
  relationships: Type.Array(
    closedObject({
      spdxElementId: elementId,
      relationshipType: Type.Union([Type.Literal('DESCRIBES'), Type.Literal('CONTAINS')]),
      relatedSpdxElement: elementId,
    }),
  ),
})

export type SpdxDocument = Static<typeof spdxSchema>
export type SpdxPackage = Static<typeof packageSchema>
