import type { OutgoingHttpHeaders } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { Exchange } from '../front/exchange.ts'
import { bitFlippedAt, cutAfter, lengthenedBy, pausedAt, shortenedTo, slowed } from './body-shapes.ts'
import type { FaultyFront } from './fault.ts'

/** What a fault does with the request it meets. */
export type Act = (exchange: Exchange, front: FaultyFront) => Promise<void>

/** Error bodies as the distribution specification has them ("Error Codes"). */
const errorBody = (code: string): string => JSON.stringify({ errors: [{ code, message: `injected: ${code}` }] })

export const answerError =
  (status: number, code: string, headers: OutgoingHttpHeaders = {}): Act =>
  (exchange) =>
    exchange.answer(status, { 'content-type': 'application/json', ...headers }, errorBody(code))

/** A page where content was asked for, as captive portals and proxies answer. */
export const answerPage: Act = (exchange) =>
  exchange.answer(200, { 'content-type': 'text/html' }, '<html><body>Please log in to this network</body></html>\n')

/** Waits before the request goes on; ends early when the client leaves. */
export const waitFirst =
  (waitMs: number): Act =>
  async (exchange) => {
    const left = new AbortController()
    exchange.response.once('close', () => left.abort())
    await delay(waitMs, undefined, { signal: left.signal })
    await exchange.forward()
  }

export const passSlowly =
  (bytesPerSecond: number): Act =>
  (exchange) =>
    exchange.forward({ body: () => [slowed(bytesPerSecond)] })

export const pauseAt =
  (sizeBytes: number, pauseMs: number): Act =>
  (exchange) =>
    exchange.forward({ body: () => [pausedAt(sizeBytes, pauseMs)] })

export const cutBodyAfter =
  (sizeBytes: number): Act =>
  (exchange) =>
    exchange.forward({ body: () => [cutAfter(sizeBytes)] })

export const flipBitAt =
  (offset: number): Act =>
  (exchange) =>
    exchange.forward({ body: () => [bitFlippedAt(offset)] })

export const endBodyAt =
  (sizeBytes: number): Act =>
  (exchange) =>
    exchange.forward({
      headers: (headers) => ({
        ...headers,
        'content-length': Math.min(sizeBytes, Number(headers['content-length'])),
      }),
      body: () => [shortenedTo(sizeBytes)],
    })

export const lengthenBody =
  (sizeBytes: number): Act =>
  (exchange) =>
    exchange.forward({
      headers: (headers) => ({ ...headers, 'content-length': Number(headers['content-length']) + sizeBytes }),
      body: () => [lengthenedBy(Buffer.alloc(sizeBytes, 'x'))],
    })

/** Closes the connection without an answer. */
export const hangUp: Act = async (exchange) => {
  exchange.response.destroy()
}

/** Sends the first bytes of the answer; then the registry is gone for good. */
export const dieAfter =
  (sizeBytes: number): Act =>
  async (exchange, front) => {
    try {
      await exchange.forward({ body: () => [cutAfter(sizeBytes)] })
    } finally {
      front.die()
    }
  }
