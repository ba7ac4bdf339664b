import type { Exchange } from '../front/exchange.ts'
import type { Act } from './acts.ts'

/** Marks a request that came by a redirect, so that it is answered and not sent on again. */
const marker = 'redirected'

export const isRedirected = (exchange: Exchange): boolean =>
  new URL(exchange.entry.path, 'https://front').searchParams.has(marker)

/** Sends the client to another name of the same front, as registries with a content network do for blobs. */
export const redirectTo =
  (host: string): Act =>
  (exchange) =>
    exchange.answer(307, { location: `https://${host}${pathOf(exchange)}?${marker}=1` }, '')

/** Sends the client back to the same address, for ever. */
export const redirectInCircles: Act = (exchange) => exchange.answer(307, { location: pathOf(exchange) }, '')

const pathOf = (exchange: Exchange): string => new URL(exchange.entry.path, 'https://front').pathname
