import { type ArchitectureName, architectureNames, architectures } from '../model/architecture.ts'
import { digestOf, type PackedLayers, packLayer } from './pack-layer.ts'
import type { Compression, Ingredients, PackedLayer, Workload } from './workload.ts'
import type { Descriptor, WorkloadImage } from './workload-image.ts'

/** Keeps a blob and returns nothing: the caller knows its digest. */
export type KeepBlob = (digest: string, content: Uint8Array) => Promise<void>

/** Media types: OCI image specification 1.1, "Media Types"; Docker image manifest version 2, schema 2. */
const mediaTypes = {
  oci: {
    index: 'application/vnd.oci.image.index.v1+json',
    manifest: 'application/vnd.oci.image.manifest.v1+json',
    config: 'application/vnd.oci.image.config.v1+json',
    layer: {
      gzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
      zstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
      none: 'application/vnd.oci.image.layer.v1.tar',
    },
  },
  docker: {
    index: 'application/vnd.docker.distribution.manifest.list.v2+json',
    manifest: 'application/vnd.docker.distribution.manifest.v2+json',
    config: 'application/vnd.docker.container.image.v1+json',
    layer: {
      gzip: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
      // Docker's own format knows gzip only; its plain layer type is what the engine writes to archives.
      zstd: 'application/vnd.docker.image.rootfs.diff.tar.zstd',
      none: 'application/vnd.docker.image.rootfs.diff.tar',
    },
  },
} as const satisfies Record<string, { layer: Record<Compression, string> } & Record<string, unknown>>

/** A fixed date of creation, so that the same recipe gives the same digest on any day. */
const created = '2026-01-01T00:00:00Z'

/**
 * Makes all blobs of a workload: per architecture layers, configuration and manifest, and the index over them. `known`
 * grows by its layers.
 */
export async function buildImage(
  workload: Workload,
  busyboxes: Readonly<Record<ArchitectureName, Uint8Array>>,
  keep: KeepBlob,
  known: PackedLayers,
): Promise<WorkloadImage> {
  const manifests: WorkloadImage['manifests'] = []
  for (const arch of workload.architectures ?? architectureNames)
    manifests.push(await buildManifest(workload, { arch, busybox: busyboxes[arch] }, keep, known))
  const types = mediaTypes[workload.format ?? 'oci']
  const index = await keepJson(keep, types.index, {
    schemaVersion: 2,
    mediaType: types.index,
    manifests: manifests.map(({ arch, manifest }) => ({ ...manifest, platform: platformOf(arch) })),
  })
  return { name: workload.name, references: [...workload.references], index, manifests }
}

async function buildManifest(
  workload: Workload,
  ingredients: Ingredients,
  keep: KeepBlob,
  known: PackedLayers,
): Promise<WorkloadImage['manifests'][number]> {
  const types = mediaTypes[workload.format ?? 'oci']
  const packed: PackedLayer[] = []
  for (const recipe of workload.layers(ingredients)) packed.push(await packLayer(recipe, known))
  const layers: Descriptor[] = []
  for (const { blob, compression } of packed) {
    const digest = digestOf(blob)
    await keep(digest, blob)
    layers.push({ mediaType: types.layer[compression], digest, size: blob.length })
  }
  const config = await keepJson(keep, types.config, configuration(workload, ingredients.arch, packed))
  const manifest = await keepJson(keep, types.manifest, {
    schemaVersion: 2,
    mediaType: types.manifest,
    config,
    layers,
  })
  return { arch: ingredients.arch, manifest, config, layers }
}

function configuration(workload: Workload, arch: ArchitectureName, layers: readonly PackedLayer[]) {
  const Labels = { 'org.opencontainers.image.title': workload.name, ...workload.settings.Labels }
  return {
    created,
    ...platformOf(arch),
    config: { ...workload.settings, Labels },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map((_layer, index) => ({
      created,
      created_by: `vpdmn-conformance ${workload.name} ${index + 1}`,
    })),
  }
}

const platformOf = (arch: ArchitectureName) => {
  const { oci, ociVariant } = architectures[arch]
  return { architecture: oci, os: 'linux', ...(ociVariant && { variant: ociVariant }) }
}

async function keepJson(keep: KeepBlob, mediaType: string, value: unknown): Promise<Descriptor> {
  const content = Buffer.from(JSON.stringify(value))
  const digest = digestOf(content)
  await keep(digest, content)
  return { mediaType, digest, size: content.length }
}
