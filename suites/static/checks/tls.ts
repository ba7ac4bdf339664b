import { X509Certificate } from 'node:crypto'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import { oncePerImage } from '../../../harness/inspect/once-per-image.ts'
import { trustBundles } from '../../../harness/inspect/trust-bundles.ts'
import type { Finding } from '../../../harness/model/result.ts'
import type { Profile } from '../../../harness/profile/profile.ts'
import { type Examination, examined, examineEach, finding, type StaticCheck, skipped } from '../check.ts'

const hashFolder = '/etc/ssl/certs'
const block = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g

interface Bundle {
  path: string
  blocks: { pem: string; certificate: X509Certificate | undefined }[]
}

/** Parsed once for both requirements. */
const bundleOf = oncePerImage(readBundle)

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

const madeAt = ({ squashfs }: InspectedImage): Date => new Date(squashfs.superblock.mkfsTimeS * 1000)
const day = (date: Date): string => date.toISOString().slice(0, 10)

function expiredOf(image: InspectedImage, { blocks }: Bundle): { count: number; expired: X509Certificate[] } {
  const certificates = blocks.flatMap(({ certificate }) => certificate ?? [])
  const expired = certificates.filter(({ validTo }) => new Date(validTo) < madeAt(image))
  return { count: certificates.length, expired }
}

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
  const findings = [...(tooFew ? [few] : []), ...examination.findings, ...deadBundle(image, bundle)]
  return { examinedCount: bundle.blocks.length + 1, findings }
}

/** A bundle of expired certificates alone is as good as none. */
function deadBundle(image: InspectedImage, bundle: Bundle): Finding[] {
  const { count, expired } = expiredOf(image, bundle)
  if (count === 0 || expired.length < count) return []
  return [finding(bundle.path, `All its certificates had expired when the image was made (${day(madeAt(image))}).`)]
}

/**
 * Distributions keep roots until they take the next list of Mozilla's, and no server shows one that has expired: of Debian's 150 in
 * ca-certificates 20210119, 1 had expired after five years, and 19 will have after nine.
 */
const tolerableShare = 0.1

function examineValidity(image: InspectedImage): Examination {
  const bundle = bundleOf(image)
  if (bundle === undefined) return skipped('The image has no CA bundle.')
  const { count, expired } = expiredOf(image, bundle)
  return {
    examinedCount: count + 1,
    findings: [...oldBundle(image, bundle.path, count, expired), ...deadHashLinks(image)],
  }
}

function oldBundle(image: InspectedImage, path: string, count: number, expired: X509Certificate[]): Finding[] {
  if (expired.length <= count * tolerableShare || expired.length === count) return []
  const dates = expired.map(({ validTo }) => new Date(validTo).getTime())
  const first = day(new Date(Math.min(...dates)))
  const made = day(madeAt(image))
  return [
    finding(
      path,
      `${expired.length} of its ${count} certificates had expired when the image was made (${made}), the first on ${first}.`,
    ),
  ]
}

const deadHashLinks = ({ files }: InspectedImage): Finding[] =>
  files
    .list(hashFolder)
    .filter(({ name }) => /^[0-9a-f]{8}\.\d+$/.test(name) && files.findFile(`${hashFolder}/${name}`) === undefined)
    .map((entry) => finding(entry, 'The hash link leads to no certificate.'))

export const tlsChecks: readonly StaticCheck[] = [
  {
    id: 'TLS-001',
    title: 'A CA bundle is where Go looks, parses, and has not expired',
    severity: 'blocker',
    why: 'Podman verifies every registry against it; without it each pull ends in "certificate signed by unknown authority".',
    source: 'Go, crypto/x509/root_linux.go',
    remedy: 'Install ca-certificates, with the bundle written when the image is made.',
    examine: examineBundle,
  },
  {
    id: 'TLS-002',
    title: 'The CA bundle is of recent years, and its hash links lead to certificates',
    severity: 'warning',
    why: 'Where more than a tenth of the roots has expired, the bundle is many years old and misses newer ones that registries use. A few harm nobody: no server relies on them.',
    source: 'RFC 5280, 4.1.2.5; update-ca-certificates(8)',
    remedy: 'Update ca-certificates, and make its hash links anew.',
    examine: examineValidity,
  },
]
