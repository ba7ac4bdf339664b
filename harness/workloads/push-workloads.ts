import { readFile } from 'node:fs/promises'
import { EnvironmentFault } from '../model/faults.ts'
import type { Workloads } from './make-workloads.ts'
import type { Descriptor, WorkloadImage } from './workload-image.ts'

/** Where to push: a registry's plain HTTP port on 127.0.0.1. */
export interface PushTarget {
  plainPort: number
}

/** Longest wait for one answer; the largest blob has 64 MiB and takes under 1 s on an idle machine. */
const answerLimitMs = 60_000

/**
 * Pushes workloads by name under all their references, byte for byte, by the OCI distribution specification. What the
 * registry has already is not sent again, and a blob of several repositories is sent once and mounted. Throws
 * EnvironmentFault when the registry refuses.
 */
export async function pushWorkloads(workloads: Workloads, target: PushTarget, names: readonly string[]): Promise<void> {
  const push = new Push(workloads, `http://127.0.0.1:${target.plainPort}`)
  await Promise.all(names.map((name) => push.image(workloads.named(name))))
}

class Push {
  #workloads: Workloads
  #origin: string
  /** Repository that has a blob, by digest; awaited by others that want to mount it. */
  #homes = new Map<string, Promise<string>>()

  constructor(workloads: Workloads, origin: string) {
    this.#workloads = workloads
    this.#origin = origin
  }

  async image(image: WorkloadImage): Promise<void> {
    for (const reference of image.references) await this.#reference(image, splitReference(reference))
  }

  async #reference(image: WorkloadImage, { repository, tag }: { repository: string; tag: string }): Promise<void> {
    if (await this.#hasTag(repository, tag, image.index)) return
    const blobs = image.manifests.flatMap(({ config, layers }) => [config, ...layers])
    await Promise.all(blobs.map((blob) => this.#blob(repository, blob)))
    for (const { manifest } of image.manifests) await this.#manifest(repository, manifest.digest, manifest)
    await this.#manifest(repository, tag, image.index)
  }

  async #hasTag(repository: string, tag: string, { digest, mediaType }: Descriptor): Promise<boolean> {
    const answer = await this.#ask('HEAD', `/v2/${repository}/manifests/${tag}`, { accept: mediaType })
    return answer.headers.get('docker-content-digest') === digest
  }

  async #blob(repository: string, { digest }: Descriptor): Promise<void> {
    const known = this.#homes.get(digest)
    const placing = known ? this.#mount(repository, digest, await known) : this.#upload(repository, digest)
    if (!known)
      this.#homes.set(
        digest,
        placing.then(() => repository),
      )
    await placing
  }

  async #mount(repository: string, digest: string, from: string): Promise<void> {
    if (repository === from) return
    const query = new URLSearchParams({ mount: digest, from })
    const answer = await this.#ask('POST', `/v2/${repository}/blobs/uploads/?${query}`)
    // 202 opens an ordinary upload where the registry does not mount (distribution specification, "Mounting a blob").
    if (answer.status === 202) await this.#finishUpload(answer, digest)
    else await requireStatus(answer, 201, `mount ${digest} in ${repository}`)
  }

  async #upload(repository: string, digest: string): Promise<void> {
    const present = await this.#ask('HEAD', `/v2/${repository}/blobs/${digest}`)
    if (present.status === 200) return
    const opened = await this.#ask('POST', `/v2/${repository}/blobs/uploads/`)
    await requireStatus(opened, 202, `open an upload in ${repository}`)
    await this.#finishUpload(opened, digest)
  }

  async #finishUpload(opened: Response, digest: string): Promise<void> {
    const address = new URL(opened.headers.get('location') ?? '', this.#origin)
    address.searchParams.set('digest', digest)
    const content = await readFile(this.#workloads.blobPath(digest))
    const headers = { 'content-type': 'application/octet-stream' }
    const answer = await this.#ask('PUT', address.pathname + address.search, headers, content)
    await requireStatus(answer, 201, `store ${digest}`)
  }

  async #manifest(repository: string, reference: string, { digest, mediaType }: Descriptor): Promise<void> {
    const content = await readFile(this.#workloads.blobPath(digest))
    const path = `/v2/${repository}/manifests/${reference}`
    await requireStatus(await this.#ask('PUT', path, { 'content-type': mediaType }, content), 201, `store ${path}`)
  }

  async #ask(method: string, path: string, headers: Record<string, string> = {}, body?: Buffer): Promise<Response> {
    try {
      return await fetch(this.#origin + path, {
        method,
        headers,
        signal: AbortSignal.timeout(answerLimitMs),
        ...(body ? { body: new Uint8Array(body) } : {}),
      })
    } catch (cause) {
      throw new EnvironmentFault('E_REGISTRY', `The registry did not answer ${method} ${path}.`, { cause })
    }
  }
}

async function requireStatus(answer: Response, status: number, deed: string): Promise<void> {
  const text = await answer.text()
  if (answer.status === status) return
  throw new EnvironmentFault(
    'E_REGISTRY',
    `The registry refused to ${deed}: HTTP ${answer.status} ${text.slice(0, 300)}`,
  )
}

function splitReference(reference: string): { repository: string; tag: string } {
  const [repository = '', tag = 'latest'] = reference.split(':')
  return { repository, tag }
}
