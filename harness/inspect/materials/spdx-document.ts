import { basename } from 'node:path'
import type { ImageFile } from '../../image/image-file.ts'
import { harnessVersion } from '../../platform/harness-version.ts'
import { type BillOfMaterials, type Material, plainText } from './material.ts'
import { isSpdxDocument } from './spdx-check.generated.ts'
import { spdxExpression } from './spdx-license.ts'
import type { SpdxDocument, SpdxPackage } from './spdx-schema.ts'

/** An image whose materials are known; `dateS` is the image's own time stamp, in seconds since 1970. */
export interface ListedImage {
  file: ImageFile
  dateS: number
  materials: BillOfMaterials
}

/**
 * A bill of materials as SPDX 2.3 in JSON. The same image gives the same bytes: the date is the image's own. Throws for
 * a document that breaks the format, which is the harness's own mistake.
 */
export async function spdxJson(image: ListedImage): Promise<string> {
  const document = spdxDocument(image)
  if (!isSpdxDocument(document)) throw await brokenDocument(document)
  return `${JSON.stringify(document, null, 2)}\n`
}

/** TypeBox, which says where the mistake is, takes longer to load than an image to be judged. */
async function brokenDocument(document: SpdxDocument): Promise<Error> {
  const { firstMistake } = await import('../../model/first-mistake.ts')
  const { spdxSchema } = await import('./spdx-schema.ts')
  return new Error(`The bill of materials breaks SPDX at ${firstMistake(spdxSchema, document)}`)
}

const imageId = 'SPDXRef-Image'
const documentId = 'SPDXRef-DOCUMENT'

export function spdxDocument({ file, dateS, materials: { source, materials } }: ListedImage): SpdxDocument {
  const name = plainText(basename(file.path))
  const licenses = new StatedLicenses()
  const tool = `vpdmn-conformance-${harnessVersion()}`
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: documentId,
    name,
    documentNamespace: `https://spdx.org/spdxdocs/${tool}/${encodeURIComponent(name)}-${file.sha256}`,
    creationInfo: {
      created: new Date(dateS * 1000).toISOString().replace('.000Z', 'Z'),
      creators: [`Tool: ${tool}`],
      comment: `Read from: ${source} The date is the image's own.`,
    },
    packages: [
      imagePackage(name, file),
      ...materials.map((material, index) => materialPackage(material, index, licenses)),
    ],
    hasExtractedLicensingInfos: licenses.extracted(),
    relationships: [
      { spdxElementId: documentId, relationshipType: 'DESCRIBES', relatedSpdxElement: imageId },
      ...containments(materials),
    ],
  }
}

const unstated = {
  downloadLocation: 'NOASSERTION',
  filesAnalyzed: false,
  licenseConcluded: 'NOASSERTION',
  copyrightText: 'NOASSERTION',
} as const

const imagePackage = (name: string, { sha256 }: ImageFile): SpdxPackage => ({
  SPDXID: imageId,
  name,
  primaryPackagePurpose: 'OPERATING-SYSTEM',
  checksums: [{ algorithm: 'SHA256', checksumValue: sha256 }],
  licenseDeclared: 'NOASSERTION',
  ...unstated,
})

const materialPackage = (material: Material, index: number, licenses: StatedLicenses): SpdxPackage => ({
  SPDXID: materialId(index, material),
  name: material.name,
  ...(material.version && { versionInfo: material.version }),
  ...(material.source && { sourceInfo: `Built from the recipe or source package ${material.source}.` }),
  ...(material.path && { packageFileName: `.${material.path}` }),
  ...(material.purpose && { primaryPackagePurpose: material.purpose }),
  licenseDeclared: licenses.declared(material.license),
  ...unstated,
  externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: material.url }],
})

/** The number keeps apart what has the same name; the name is for people. */
const materialId = (index: number, { name }: Material): string =>
  `SPDXRef-${index + 1}-${name.replace(/[^A-Za-z0-9.-]/g, '-')}`

/** The image contains everything; a program contains what is linked into it. */
function containments(materials: readonly Material[]): SpdxDocument['relationships'] {
  const ids = new Map(materials.map((material, index) => [material.url, materialId(index, material)]))
  return materials.flatMap((material, index) => {
    const own = materialId(index, material)
    const parts = material.parts.flatMap((url) => ids.get(url) ?? [])
    return [
      { spdxElementId: imageId, relationshipType: 'CONTAINS' as const, relatedSpdxElement: own },
      ...[...new Set(parts)].map((part) => ({
        spdxElementId: own,
        relationshipType: 'CONTAINS' as const,
        relatedSpdxElement: part,
      })),
    ]
  })
}

/** Licenses that packages state in words that are no SPDX expression get a reference to those words (clause 10). */
class StatedLicenses {
  readonly #references = new Map<string, string>()

  declared(stated: string | undefined): string {
    if (stated === undefined || stated.trim() === '') return 'NOASSERTION'
    const expression = spdxExpression(stated)
    if (expression) return expression
    const known = this.#references.get(stated) ?? `LicenseRef-${this.#references.size + 1}`
    this.#references.set(stated, known)
    return known
  }

  extracted(): SpdxDocument['hasExtractedLicensingInfos'] {
    return [...this.#references].map(([extractedText, licenseId]) => ({ licenseId, extractedText }))
  }
}
