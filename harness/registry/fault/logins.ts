import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { Exchange } from '../front/exchange.ts'
import type { Fault } from './fault.ts'
import { isRedirected } from './redirects.ts'

export interface Account {
  username: string
  password: string
}

/** Address of the token service on every host of a front that wants bearer tokens. */
const tokenPath = '/token'
const tokenLifetimeS = 300

/** Wants a user name and a password with every request (RFC 7617). */
export function basicLogin(account: Account): Fault {
  return {
    id: 'basic-login',
    on: { when: (exchange) => !isRedirected(exchange) && !hasAccount(exchange, account) },
    act: (exchange) => exchange.answer(401, { 'www-authenticate': 'Basic realm="vpdmn"' }, unauthorized),
  }
}

/**
 * Wants a bearer token from a token service, as Docker Hub does: to the account alone, or to anyone who asks
 * (distribution, "Token Authentication Specification").
 */
export function bearerLogin(account: Account | 'anyone'): Fault {
  const token = randomBytes(24).toString('base64url')
  const isAllowed = (exchange: Exchange) => account === 'anyone' || hasAccount(exchange, account)
  return {
    id: 'bearer-login',
    on: {
      when: (exchange) =>
        !isRedirected(exchange) && !equal(exchange.request.headers.authorization ?? '', `Bearer ${token}`),
    },
    async act(exchange) {
      if (exchange.entry.path.split('?')[0] !== tokenPath) await challenge(exchange)
      else if (isAllowed(exchange))
        await exchange.answer(200, json, JSON.stringify({ token, expires_in: tokenLifetimeS }))
      else await exchange.answer(401, json, unauthorized)
    },
  }
}

const json = { 'content-type': 'application/json' }
const unauthorized = JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'authentication required' }] })

function challenge(exchange: Exchange): Promise<void> {
  const { host = '' } = exchange.request.headers
  const scope = exchange.target?.repository ? `,scope="repository:${exchange.target.repository}:pull,push"` : ''
  const header = `Bearer realm="https://${host}${tokenPath}",service="${host}"${scope}`
  return exchange.answer(401, { ...json, 'www-authenticate': header }, unauthorized)
}

function hasAccount(exchange: Exchange, { username, password }: Account): boolean {
  const wanted = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  return equal(exchange.request.headers.authorization ?? '', wanted)
}

function equal(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}
