import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { defaultBounds, type FrontBounds, guestBounds } from './front-bounds.ts'
import { type Front, openFront } from './open-front.ts'
import { RequestRate } from './request-rate.ts'

const blob = `/v2/a/blobs/sha256:${'a'.repeat(64)}`
const upload = '/v2/a/blobs/uploads/1'
const maxPushBytes = 1_000_000
const chunk = `8000\r\n${'x'.repeat(0x8000)}\r\n`

let registry: Server
let pushedBytes: number
/** Answers of the registry that have not ended. */
let answering: number
let front: Front
let clients: Client[]

beforeEach(async () => {
  ;[pushedBytes, answering, clients] = [0, 0, []]
  registry = createServer(serve)
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  for (const { socket } of clients) socket.destroy()
  await front.close()
  registry.closeAllConnections()
  registry.close()
})

/** A registry that takes all pushes and whose blobs never end. */
function serve(request: IncomingMessage, response: ServerResponse): void {
  request.on('data', (data: Buffer) => {
    pushedBytes += data.length
  })
  if (request.url !== blob) return void request.on('end', () => response.end('{}'))
  answering++
  response.on('close', () => answering--)
  const more = () => {
    while (!response.destroyed && response.write(Buffer.alloc(65_536)));
  }
  response.on('drain', more)
  more()
}

async function open(bounds: Partial<FrontBounds>): Promise<void> {
  const { port } = registry.address() as { port: number }
  const upstream = { at: { origin: `http://127.0.0.1:${port}` }, repositoryPrefix: '' }
  front = await openFront({ upstream, bounds: { ...defaultBounds, ...bounds }, pushLimitBytes: maxPushBytes })
}

interface Client {
  socket: Socket
  /** All that it was answered. */
  said: () => string
}

function client(sent = ''): Client {
  const socket = connect(front.port, '127.0.0.1')
  let text = ''
  socket
    .on('error', () => {})
    .on('data', (data: Buffer) => {
      text = (text + data.toString('latin1')).slice(0, 1000)
    })
  socket.write(sent)
  clients.push({ socket, said: () => text })
  return { socket, said: () => text }
}

async function connectedClients(count: number): Promise<Client[]> {
  const connected = Array.from({ length: count }, () => client())
  await Promise.all(connected.map(({ socket }) => once(socket, 'connect')))
  return connected
}

const requestOf = (method: string, path: string, ...headers: string[]): string =>
  [`${method} ${path} HTTP/1.1`, 'Host: docker.io', ...headers, '', ''].join('\r\n')
const chunked = 'Transfer-Encoding: chunked'

/** Sends a text again and again until the connection ends; with a pause behind each, or as fast as it is taken. */
async function keepSending({ socket }: Client, text: string, pauseMs = 0): Promise<void> {
  while (!socket.destroyed) {
    const isTaken = socket.write(text)
    if (pauseMs > 0) await pause(pauseMs)
    else if (!isTaken)
      await Promise.race(['drain', 'close'].map((name) => new Promise((done) => socket.once(name, done))))
    else await pause(0)
  }
}

const closed = ({ socket }: Client) => expect.poll(() => socket.destroyed, { timeout: 10_000 }).toBe(true)

async function answers(): Promise<number> {
  return (await fetch(`http://127.0.0.1:${front.port}/v2/`)).status
}

describe('a front', () => {
  test.each([
    ['nothing', ''],
    ['headers that do not end', 'GET /v2/ HTTP/1.1\r\nHost: a\r\n'],
  ])('cuts a connection that brings %s', async (_, sent) => {
    await open({ openingMs: 400 })
    await closed(client(sent))
  })

  test('cuts those who send their headers byte by byte, and answers others meanwhile', async () => {
    await open({ openingMs: 800 })
    const slow = Array.from({ length: 40 }, () => client('GET /v2/ HTTP/1.1\r\nX: '))
    const sending = slow.map((one) => keepSending(one, 'x', 50))
    expect(await answers()).toBe(200)
    expect(slow.some(({ socket }) => socket.destroyed)).toBe(false)
    for (const one of slow) await closed(one)
    await Promise.all(sending)
  })

  test('refuses headers without an end, and forgets them', async () => {
    await open({ headerBytes: 4096 })
    const flood = client('GET /v2/ HTTP/1.1\r\n')
    await keepSending(flood, `X: ${'x'.repeat(1000)}\r\n`)
    expect(flood.said()).toMatch(/^HTTP\/1.1 431 |^$/)
    expect(front.requests()).toEqual([])
    expect(await answers()).toBe(200)
  })

  test('cuts a push without an end at its budget, though it has no length', async () => {
    await open({})
    const push = client(requestOf('PATCH', upload, chunked))
    await keepSending(push, chunk)
    expect(pushedBytes).toBeGreaterThan(0)
    expect(pushedBytes).toBeLessThanOrEqual(maxPushBytes)
    expect(await answers()).toBe(200)
  })

  test('reads little of a body that is not for the registry', async () => {
    await open({ unwantedBytes: 100_000 })
    const endless = client(requestOf('POST', '/nowhere', chunked))
    await keepSending(endless, chunk)
    expect(endless.said()).toMatch(/^HTTP\/1.1 404 |^$/)
    const small = client(`${requestOf('POST', '/nowhere', 'Content-Length: 5')}small`)
    await expect.poll(small.said).toMatch(/^HTTP\/1.1 404 /)
    expect(small.socket.destroyed).toBe(false)
  })

  test('cuts who sends a push byte by byte when its time is over', async () => {
    await open({ exchangeMs: 600 })
    await keepSending(client(requestOf('PATCH', upload, chunked)), '1\r\nx\r\n', 50)
    expect(front.requests()[0]).toMatchObject({ complete: false })
  })

  test('cuts who does not read an answer, and lets go of the registry', async () => {
    await open({ silenceMs: 500 })
    const deaf = client(requestOf('GET', blob))
    deaf.socket.pause()
    await expect.poll(() => answering).toBe(1)
    await expect.poll(() => answering, { timeout: 10_000 }).toBe(0)
  })

  test('cuts who reads an answer slowly when its time is over', async () => {
    await open({ exchangeMs: 600 })
    const slow = client(requestOf('GET', blob))
    const reading = setInterval(() => (slow.socket.isPaused() ? slow.socket.resume() : slow.socket.pause()), 40)
    await expect.poll(() => answering).toBe(1)
    await expect.poll(() => answering, { timeout: 10_000 }).toBe(0)
    clearInterval(reading)
  })

  test('answers more requests than it takes in a second by asking for patience', async () => {
    await open({ requestsPerSecond: 2 })
    const codes = []
    for (let count = 0; count < 40; count++) codes.push(await answers())
    expect(codes.slice(0, 20)).toEqual(Array(20).fill(200))
    expect(codes).toContain(429)
    const pipelined = client(requestOf('GET', '/v2/').repeat(500))
    await closed(pipelined)
  })

  test('of 1,500 idle connections keeps those that a guest may have, and serves again when they end', {
    timeout: 60_000,
  }, async () => {
    await open({ ...guestBounds, openingMs: 3_000 })
    const idle: Client[] = []
    // Fewer at once than the kernel keeps for a server (listen(2), 511 by Node): others would come seconds later.
    while (idle.length < 1500) idle.push(...(await connectedClients(100)))
    const openOnes = () => idle.filter(({ socket }) => !socket.destroyed).length
    await expect.poll(openOnes, { timeout: 20_000 }).toBeLessThanOrEqual(guestBounds.connections)
    await expect.poll(openOnes, { timeout: 20_000 }).toBe(0)
    expect(await answers()).toBe(200)
  })

  test('takes no request of which two readers would see different ends', async () => {
    await open({})
    const hidden = requestOf('GET', blob)
    const smuggled = client(`${requestOf('POST', upload, 'Content-Length: 4', chunked)}0\r\n\r\n${hidden}`)
    await closed(smuggled)
    expect(smuggled.said()).toMatch(/^HTTP\/1.1 400 /)
    expect(front.requests()).toEqual([])
  })
})

test('a rate lets through what ten seconds allow at once, then as much as the time that passes', () => {
  const rate = new RequestRate(5, 0)
  const taken = (nowMs: number) => Array.from({ length: 100 }, () => rate.take(nowMs)).filter(Boolean).length
  expect([taken(0), taken(1000), taken(1100), taken(3_600_000)]).toEqual([50, 5, 0, 50])
})
