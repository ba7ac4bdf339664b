import { randomBytes } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answerError } from '../fault/acts.ts'
import { type SampleRegistry, startSampleRegistry } from '../sample-registry.ts'
import { openFront } from './open-front.ts'
import { RequestLog } from './request-log.ts'

let sample: SampleRegistry
beforeAll(async () => {
  sample = await startSampleRegistry(['alpine', 'quay-only'])
})
afterAll(() => sample.lifetime.end())

const upstream = () => sample.registry.coordinates.upstream

const accepted = 'application/vnd.oci.image.index.v1+json'

/** A GET over plain HTTP with a Host header of choice, which fetch does not allow. */
async function get(port: number, host: string, path: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAccept: ${accepted}\r\nConnection: close\r\n\r\n`)
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

const isConnected = (socket: Socket) => new Promise<void>((resolve) => socket.once('connect', resolve))
const hasClosed = (socket: Socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()))

describe('a front', () => {
  test('keeps the repositories of registry names apart', async () => {
    const port = sample.registry.plainPort
    const manifest = '/v2/vpdmn/quay-only/manifests/latest'
    expect(await get(port, 'quay.io', manifest)).toMatch(/^HTTP\/1.1 200/)
    expect(await get(port, 'docker.io', manifest)).toMatch(/^HTTP\/1.1 404/)
  })

  test('answers nothing for a name that it does not serve, and no catalogue', async () => {
    const front = await openFront({ upstream: upstream() })
    expect(await get(front.port, 'elsewhere.test', '/v2/')).toMatch(/^HTTP\/1.1 404/)
    expect(await get(front.port, 'docker.io', '/v2/_catalog')).toMatch(/^HTTP\/1.1 404/)
    await front.close()
  })

  test('lets a request wait for a registry that is still to be known, or says why it never is', async () => {
    const front = await openFront({ upstream: () => delay(50, upstream()) })
    const failing = await openFront({ upstream: () => Promise.reject(new Error('It did not start.')) })
    expect(await get(front.port, 'docker.io', '/v2/')).toMatch(/^HTTP\/1.1 200/)
    expect(await get(failing.port, 'docker.io', '/v2/')).toMatch(/^HTTP\/1.1 502.*\nIt did not start\.\n/s)
    await Promise.all([front.close(), failing.close()])
  })

  test('logs each request with status, size and times on the clock that all processes share', async () => {
    const front = await openFront({ upstream: upstream() })
    const before = Number(process.hrtime.bigint()) / 1e6
    await get(front.port, 'docker.io:443', '/v2/library/alpine/manifests/latest')
    const after = Number(process.hrtime.bigint()) / 1e6
    const [entry] = front.requests()
    const { size } = sample.workloads.named('alpine').index
    expect(entry).toMatchObject({ method: 'GET', host: 'docker.io', status: 200, bytes: size, complete: true })
    expect(entry?.startMs).toBeGreaterThan(before)
    expect(entry?.endMs).toBeGreaterThanOrEqual(entry?.startMs ?? Number.NaN)
    expect(entry?.endMs).toBeLessThan(after)
    await front.close()
  })

  test('lets an injected fault meet requests only until it is taken back', async () => {
    const front = await openFront({ upstream: upstream() })
    const takeBack = front.inject({ id: 'busy', on: { resource: 'version' }, act: answerError(503, 'UNAVAILABLE') })
    expect(await get(front.port, 'docker.io', '/v2/')).toMatch(/^HTTP\/1.1 503/)
    takeBack()
    expect(await get(front.port, 'docker.io', '/v2/')).toMatch(/^HTTP\/1.1 200/)
    expect(front.requests().map(({ fault }) => fault)).toEqual(['busy', undefined])
    await front.close()
  })

  test('leaves it to the client to close an idle connection', { timeout: 15_000 }, async () => {
    const socket = connect(sample.registry.plainPort, '127.0.0.1')
    let answers = 0
    const answered = () => new Promise<void>((resolve) => socket.once('data', () => resolve(void answers++)))
    const ask = async () => {
      socket.write('GET /v2/ HTTP/1.1\r\nHost: localhost\r\n\r\n')
      await answered()
    }
    await ask()
    // Node's own limit would be 5 s (http, server.keepAliveTimeout).
    await delay(6000)
    await ask()
    socket.destroy()
    expect(answers).toBe(2)
  })

  test('closes at once, half-open connections included', { timeout: 5000 }, async () => {
    const front = await sample.registry.openFront()
    const silent = connect(front.tlsPort, '127.0.0.1')
    await isConnected(silent)
    const closed = hasClosed(silent)
    await front.close()
    await closed
    const refused = connect(front.tlsPort, '127.0.0.1')
    const error = await new Promise((resolve) => refused.once('error', resolve))
    expect(error).toMatchObject({ code: 'ECONNREFUSED' })
  })

  test('says so when the registry behind it is gone', async () => {
    const front = await openFront({
      upstream: { at: { socketPath: `${sample.folder}/none.sock` }, repositoryPrefix: '' },
    })
    expect(await get(front.port, 'docker.io', '/v2/')).toMatch(/^HTTP\/1.1 502 [\s\S]*none\.sock/)
    expect(front.requests()[0]?.registryError).toMatch(/none\.sock/)
    await front.close()
  })

  test('takes no more pushes than its budget', async () => {
    const front = await openFront({ upstream: upstream(), pushLimitBytes: 1_000_000 })
    const address = `http://127.0.0.1:${front.port}/v2/pushed/blobs/uploads/`
    const upload = async (sizeBytes: number) => {
      const opened = await fetch(address, { method: 'POST' })
      const location = new URL(opened.headers.get('location') ?? '', address)
      return fetch(location, { method: 'PATCH', body: randomBytes(sizeBytes) })
    }
    expect((await upload(600_000)).status).toBe(202)
    const refused = await upload(600_000)
    expect([refused.status, await refused.text()]).toEqual([502, expect.stringContaining('More was pushed')])
    expect(front.requests().filter(({ registryError }) => registryError !== undefined)).toEqual([])
    await front.close()
  })

  test('does not blame the registry when the client leaves in the middle of a push', async () => {
    const front = await openFront({ upstream: upstream() })
    const opened = await fetch(`http://127.0.0.1:${front.port}/v2/cut/blobs/uploads/`, { method: 'POST' })
    const socket = connect(front.port, '127.0.0.1')
    const length = 'Host: localhost\r\nContent-Length: 1000000'
    socket.write(`PATCH ${opened.headers.get('location')} HTTP/1.1\r\n${length}\r\n\r\nonly the start`)
    await expect.poll(() => front.requests()).toHaveLength(2)
    socket.destroy()
    await expect.poll(() => front.requests()[1]?.endMs).toBeDefined()
    await front.close()
    expect(front.requests()[1]).toMatchObject({ complete: false, status: 0 })
    expect(front.requests()[1]).not.toHaveProperty('registryError')
  })

  test('keeps of what it was asked no more than its log may take', async () => {
    const log = new RequestLog()
    const asked = { method: 'GET', url: `/v2/${'a'.repeat(15_000)}`, headers: { host: 'b'.repeat(1000) } } as never
    const answering = new EventEmitter().setMaxListeners(0) as never
    for (let count = 0; count < 50_000; count++) log.open(asked, answering)
    const kept = log.list()
    expect(kept.length).toBeGreaterThan(5000)
    expect(kept.reduce((sum, { path, host }) => sum + path.length + host.length, 0)).toBeLessThan(32 * 1024 * 1024)
  })

  test("keeps a client's login to itself", async () => {
    let asked = ''
    const registry = createServer((socket) => {
      socket.once('data', (request) => {
        asked = request.toString()
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
      })
    })
    const origin = `http://127.0.0.1:${await listening(registry)}`
    const front = await openFront({ upstream: { at: { origin }, repositoryPrefix: '' } })
    await fetch(`http://127.0.0.1:${front.port}/v2/`, { headers: { authorization: 'Bearer secret', accept: 'a/b' } })
    expect(asked).toContain('accept: a/b')
    expect(asked).not.toContain('secret')
    await front.close()
    registry.close()
  })

  test('follows a redirect of the registry to its object store for the client', async () => {
    const store = createServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nblob'))
    })
    const storePort = await listening(store)
    const registry = createServer((socket) => {
      const location = `http://127.0.0.1:${storePort}/bucket/blob?signature=x`
      socket.once('data', () => socket.end(`HTTP/1.1 307 Go\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`))
    })
    const origin = `http://127.0.0.1:${await listening(registry)}`
    const front = await openFront({ upstream: { at: { origin }, repositoryPrefix: '' } })
    const answer = await fetch(`http://127.0.0.1:${front.port}/v2/a/blobs/sha256:${'a'.repeat(64)}`)
    expect(await answer.text()).toBe('blob')
    await front.close()
    store.close()
    registry.close()
  })
})

function listening(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
  })
}
