import { createHash } from 'node:crypto'
import { EnvironmentFault } from '../model/faults.ts'
import type { ImageReference } from './image-reference.ts'
import type { RegistryClient } from './registry-client.ts'

const manifestType = 'application/vnd.oci.image.manifest.v1+json'
const indexType = 'application/vnd.oci.image.index.v1+json'
/** Of what a subject may be. */
const imageTypes = [manifestType, indexType, 'application/vnd.docker.distribution.manifest.v2+json']
const acceptedTypes = [...imageTypes, 'application/vnd.docker.distribution.manifest.list.v2+json'].join(', ')
/** In-toto attestation framework, "Bundle", "Storage convention". */
const bundleType = 'application/vnd.in-toto.bundle'

interface Descriptor {
  mediaType: string
  digest: string
  size: number
}

/** A config of nothing, for artifacts that need none (OCI image specification, "Guidance for an Empty Descriptor"). */
const empty = Buffer.from('{}')
const emptyType = 'application/vnd.oci.empty.v1+json'

const descriptor = (mediaType: string, content: Buffer): Descriptor => ({
  mediaType,
  digest: `sha256:${createHash('sha256').update(content).digest('hex')}`,
  size: content.length,
})

/**
 * Pushes a bundle as a referrer of the image (OCI distribution specification 1.1, "Pushing Manifests with Subject") and returns the
 * digest of its manifest. Throws EnvironmentFault where the registry refuses.
 */
export async function pushReferrer(bundle: Buffer, image: ImageReference, client: RegistryClient): Promise<string> {
  const { repository } = image
  const subject = await subjectOf(image, client)
  const config = descriptor(emptyType, empty)
  const layer = descriptor(bundleType, bundle)
  await client.pushBlob(repository, config.digest, empty)
  await client.pushBlob(repository, layer.digest, bundle)
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      artifactType: bundleType,
      config,
      layers: [layer],
      subject,
    }),
  )
  const own = descriptor(manifestType, manifest)
  const answer = await client.pushManifest(repository, own.digest, manifestType, manifest)
  // A registry that answers by this header keeps the list of referrers itself.
  if (answer.headers.get('oci-subject') === null)
    await addToFallbackTag(repository, subject.digest, { ...own, artifactType: bundleType }, client)
  return own.digest
}

async function subjectOf({ host, repository, version }: ImageReference, client: RegistryClient): Promise<Descriptor> {
  const found = await client.manifest(repository, version, acceptedTypes)
  if (!found) throw new EnvironmentFault('E_REGISTRY', `${host} has no image ${repository} ${version}: push it first.`)
  return descriptor(found.mediaType, found.content)
}

/**
 * The list of referrers in a registry that does not keep it: an index under a tag made of the digest (OCI distribution
 * specification, "Referrers Tag Schema"). Two who push at once may lose one of the two; the specification has no remedy.
 */
async function addToFallbackTag(
  repository: string,
  subject: string,
  own: Descriptor & { artifactType: string },
  client: RegistryClient,
): Promise<void> {
  const tag = subject.replace(':', '-')
  const found = await client.manifest(repository, tag, indexType)
  const others = found ? manifestsOf(found.content).filter(({ digest }) => digest !== own.digest) : []
  const index = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: [...others, own] }))
  await client.pushManifest(repository, tag, indexType, index)
}

function manifestsOf(content: Buffer): Descriptor[] {
  try {
    const { manifests } = JSON.parse(content.toString('utf8'))
    if (Array.isArray(manifests)) return manifests
  } catch {
    // The sentence below says it.
  }
  throw new EnvironmentFault('E_REGISTRY', 'The list of referrers in the registry is not an index: delete its tag.')
}
