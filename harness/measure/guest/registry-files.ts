import { readFile } from 'node:fs/promises'
import type { ArchitectureName } from '../../model/architecture.ts'
import type { Workloads } from '../../workloads/make-workloads.ts'
import { tarLayer } from '../../workloads/tar-layer.ts'
import type { TarEntry } from '../../workloads/workload.ts'
import type { Descriptor } from '../../workloads/workload-image.ts'

/**
 * A registry that is nothing but files under a static web server, so that it runs inside the guest: a network device
 * would make the exact machine inexact. The server takes the type of a manifest from its file's extension, so the tag
 * has one (OCI distribution specification 1.1, "Pulling manifests": a tag may hold dots).
 */
export interface GuestFile {
  /** Relative to the measurement's folder. */
  path: string
  content: Buffer
}

const tag = 'measured.oci'
const folderOf = (workload: string): string => `registry/v2/vpdmn/${workload}`

/** The reference by which the guest pulls a workload. */
export const workloadReference = (workload: string): string => `127.0.0.1:5000/vpdmn/${workload}:${tag}`

/** Extensions to media types, in the words of busybox httpd. */
export const httpdConfiguration = '.oci:application/vnd.oci.image.manifest.v1+json\n'

/** What the server serves: the version check, and for each workload its manifest of one architecture and all blobs. */
export async function registryFiles(
  workloads: Workloads,
  names: readonly string[],
  arch: ArchitectureName,
): Promise<GuestFile[]> {
  const images = await Promise.all(names.map((name) => imageFiles(workloads, name, arch)))
  return [{ path: 'registry/v2/index.html', content: Buffer.from('{}') }, ...images.flat()]
}

async function imageFiles(workloads: Workloads, name: string, arch: ArchitectureName): Promise<GuestFile[]> {
  const { manifest, blobs } = contentOf(workloads, name, arch)
  const read = (digest: string) => readFile(workloads.blobPath(digest))
  return [
    { path: `${folderOf(name)}/manifests/${tag}`, content: await read(manifest.digest) },
    ...(await Promise.all(
      blobs.map(async ({ digest }) => ({ path: `${folderOf(name)}/blobs/${digest}`, content: await read(digest) })),
    )),
  ]
}

/** An archive for `podman load` of one workload (OCI image layout specification 1.1). */
export async function loadArchive(workloads: Workloads, name: string, arch: ArchitectureName): Promise<Buffer> {
  const { manifest, blobs } = contentOf(workloads, name, arch)
  const file = (path: string, content: string | Buffer): TarEntry => ({ type: 'file', path, content })
  const annotations = { 'org.opencontainers.image.ref.name': 'localhost/loaded:latest' }
  const distinct = [...new Map([manifest, ...blobs].map((blob) => [blob.digest, blob])).values()]
  const contents = distinct.map(async ({ digest }) =>
    file(`blobs/${digest.replace(':', '/')}`, await readFile(workloads.blobPath(digest))),
  )
  return tarLayer([
    file('oci-layout', JSON.stringify({ imageLayoutVersion: '1.0.0' })),
    file('index.json', JSON.stringify({ schemaVersion: 2, manifests: [{ ...manifest, annotations }] })),
    ...(await Promise.all(contents)),
  ])
}

function contentOf(
  workloads: Workloads,
  name: string,
  arch: ArchitectureName,
): { manifest: Descriptor; blobs: Descriptor[] } {
  const found = workloads.named(name).manifests.find((manifest) => manifest.arch === arch)
  if (!found) throw new Error(`The workload "${name}" is not made for ${arch}.`)
  return { manifest: found.manifest, blobs: [found.config, ...found.layers] }
}
