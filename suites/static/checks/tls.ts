import { X509Certificate } from 'node:crypto'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import { trustBundles } from '../../../harness/inspect/trust-bundles.ts'
import type { Profile } from '../../../harness/profile/profile.ts'
import { type Examination, examined, examineEach, finding, type StaticCheck, skipped } from '../check.ts'

const hashFolder = '/etc/ssl/certs'
const block = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g

interface Bundle {
  path: string
  blocks: { pem: string; certificate: X509Certificate | undefined }[]
}

const bundles = new WeakMap<InspectedImage, Bundle>()

/** Parsed once for both requirements. */
function bundleOf(image: InspectedImage): Bundle | undefined {
  const bundle = bundles.get(image) ?? readBundle(image)
  if (bundle) bundles.set(image, bundle)
  return bundle
}

function readBundle({ files, init }: InspectedImage): Bundle | undefined {
  const variable = init.environment.get('SSL_CERT_FILE')?.value
  const path = [...(variable ? [variable] : []), ...trustBundles].find(
    (candidate) => files.findFile(candidate) !== undefined,
  )
  const text = path && files.text(path)
  if (!path || text === undefined) return undefined
  return { path, blocks: (text.match(block) ?? []).map((pem) => ({ pem, certificate: parse(pem) })) }
}

function parse(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined
  }
}

const nameOf = (certificate: X509Certificate): string =>
  /^(?:CN|OU|O)=(.*)$/m.exec(certificate.subject)?.[1] ?? certificate.subject.replaceAll('\n', ', ')

function examineBundle(image: InspectedImage, profile: Profile): Examination {
  const bundle = bundleOf(image)
  if (bundle === undefined)
    return examined(finding(trustBundles[0] as string, `None of ${trustBundles.join(', ')} exists.`))
  const { minimalCount } = profile.certificates
  const examination = examineEach(bundle.blocks, 'Nothing.', ({ pem, certificate }) =>
    certificate ? undefined : finding(bundle.path, `A block does not parse: ${pem.split('\n')[1]?.slice(0, 24)}….`),
  )
  const tooFew = bundle.blocks.length < minimalCount
  const few = finding(
    bundle.path,
    `The bundle has ${bundle.blocks.length} certificates; expected at least ${minimalCount}.`,
  )
  return { examinedCount: bundle.blocks.length + 1, findings: [...(tooFew ? [few] : []), ...examination.findings] }
}

function examineValidity(image: InspectedImage): Examination {
  const bundle = bundleOf(image)
  if (bundle === undefined) return skipped('The image has no CA bundle.')
  const madeAt = new Date(image.squashfs.superblock.mkfsTimeS * 1000)
  const certificates = bundle.blocks.flatMap(({ certificate }) => certificate ?? [])
  const expired = certificates.filter((certificate) => new Date(certificate.validTo) < madeAt)
  const day = (date: Date) => date.toISOString().slice(0, 10)
  const deadLinks = image.files
    .list(hashFolder)
    .filter(
      (entry) =>
        /^[0-9a-f]{8}\.\d+$/.test(entry.name) && image.files.findFile(`${hashFolder}/${entry.name}`) === undefined,
    )
  return {
    examinedCount: certificates.length + 1,
    findings: [
      ...expired.map((certificate) =>
        finding(
          bundle.path,
          `${nameOf(certificate)} expired on ${day(new Date(certificate.validTo))}, before the image was made (${day(madeAt)}).`,
        ),
      ),
      ...deadLinks.map((entry) => finding(entry, 'The hash link leads to no certificate.')),
    ],
  }
}

export const tlsChecks: readonly StaticCheck[] = [
  {
    id: 'TLS-001',
    title: 'A CA bundle is where Go looks, and parses',
    severity: 'blocker',
    why: 'Podman verifies every registry against it; without it each pull ends in "certificate signed by unknown authority".',
    source: 'Go, crypto/x509/root_linux.go',
    remedy: 'Install ca-certificates, with the bundle written when the image is made.',
    examine: examineBundle,
  },
  {
    id: 'TLS-002',
    title: 'No certificate of the bundle had expired when the image was made',
    severity: 'warning',
    why: 'Many expired roots are the sign of an old bundle, which misses the newer ones that registries use.',
    source: 'RFC 5280, 4.1.2.5; update-ca-certificates(8)',
    remedy: 'Update ca-certificates, and make its hash links anew.',
    examine: examineValidity,
  },
]
