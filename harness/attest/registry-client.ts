import { EnvironmentFault } from '../model/faults.ts'

/** Longest wait for one answer; a bundle has some 30 kB. */
const answerLimitMs = 60_000
/** More than any manifest may have (OCI distribution specification: registries should accept 4 MiB). */
const maxManifestBytes = 4 * 1024 * 1024

export interface RegistryAccess {
  /** With scheme, host and port. */
  origin: string
  /** `Authorization` header; nothing is sent where it is left out. */
  authorization?: string
}

interface Request {
  method: string
  url: URL
  headers?: Record<string, string>
  body?: Buffer
}

/** Of the OCI distribution specification, what pushing an artifact takes. */
export class RegistryClient {
  readonly #access: RegistryAccess
  /** From a token server, once the registry has asked for one. */
  #token: string | undefined

  constructor(access: RegistryAccess) {
    this.#access = access
  }

  /** A manifest by tag or digest, if it is there. */
  async manifest(
    repository: string,
    version: string,
    accept: string,
  ): Promise<{ mediaType: string; content: Buffer } | undefined> {
    const answer = await this.#ask('GET', `/v2/${repository}/manifests/${version}`, { headers: { accept } })
    if (answer.status === 404) return undefined
    requireStatus(answer, 200)
    const content = Buffer.from(await answer.arrayBuffer())
    if (content.length > maxManifestBytes) throw refusal(`${answer.url} is larger than a manifest may be`)
    return { mediaType: answer.headers.get('content-type') ?? '', content }
  }

  async pushBlob(repository: string, digest: string, content: Buffer): Promise<void> {
    const known = await this.#ask('HEAD', `/v2/${repository}/blobs/${digest}`)
    if (known.status === 200) return
    const begun = requireStatus(await this.#ask('POST', `/v2/${repository}/blobs/uploads/`), 202)
    const to = new URL(begun.headers.get('location') ?? '', this.#access.origin)
    to.searchParams.set('digest', digest)
    const headers = { 'content-type': 'application/octet-stream' }
    requireStatus(await this.#send({ method: 'PUT', url: to, headers, body: content }), 201)
  }

  async pushManifest(repository: string, version: string, type: string, body: Buffer): Promise<Response> {
    const options = { headers: { 'content-type': type }, body }
    return requireStatus(await this.#ask('PUT', `/v2/${repository}/manifests/${version}`, options), 201)
  }

  async #ask(method: string, path: string, more: Pick<Request, 'headers' | 'body'> = {}): Promise<Response> {
    const request = { method, url: new URL(path, this.#access.origin), ...more }
    const answer = await this.#send(request)
    const challenge = answer.headers.get('www-authenticate') ?? ''
    if (answer.status !== 401 || this.#token !== undefined || !/^bearer /i.test(challenge)) return answer
    this.#token = await this.#tokenFor(challenge)
    return this.#send(request)
  }

  /** The login goes to the registry alone, never to another host that it names for an upload. */
  #send({ method, url, headers = {}, body }: Request): Promise<Response> {
    const isOwn = url.origin === this.#access.origin
    const authorization = this.#token ?? this.#access.authorization
    return fetched(url, {
      method,
      headers: { ...headers, ...(isOwn && authorization !== undefined && { authorization }) },
      ...(body && { body: new Uint8Array(body) }),
    })
  }

  /** Asks the token server that the registry names (distribution, "Token Authentication Specification"). */
  async #tokenFor(challenge: string): Promise<string> {
    const fields = Object.fromEntries(
      [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    )
    const realm = URL.parse(fields.realm ?? '')
    const isSafe = realm?.protocol === 'https:' || realm?.origin === this.#access.origin
    if (!realm || !isSafe) throw refusal('The registry wants a token from a server without TLS')
    for (const name of ['service', 'scope']) if (fields[name]) realm.searchParams.set(name, fields[name])
    const { authorization } = this.#access
    const answer = requireStatus(await fetched(realm, { headers: authorization ? { authorization } : {} }), 200)
    const { token, access_token } = (await answer.json()) as { token?: string; access_token?: string }
    return `Bearer ${token ?? access_token}`
  }
}

async function fetched(url: URL, options: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...options, signal: AbortSignal.timeout(answerLimitMs) })
  } catch (cause) {
    const reason = ((cause as Error).cause as Error | undefined)?.message ?? (cause as Error).message
    throw new EnvironmentFault('E_REGISTRY', `${url.origin} does not answer: ${reason}.`, { cause })
  }
}

function requireStatus(answer: Response, status: number): Response {
  if (answer.status === status) return answer
  if (answer.status === 401 || answer.status === 403)
    throw refusal(
      `${new URL(answer.url).origin} refuses this login (HTTP ${answer.status}): give one by --authfile FILE`,
    )
  throw refusal(`${answer.url} answered HTTP ${answer.status}, not ${status}`)
}

const refusal = (message: string): EnvironmentFault => new EnvironmentFault('E_REGISTRY', `${message}.`)
