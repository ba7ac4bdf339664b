import { createPrivateKey } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Lifetime } from '../../platform/process/lifetime.ts'
import { issueAuthority, issueServer } from '../../registry/certificate/issue-certificate.ts'
import { makeShare } from './share-folder.ts'

/** A TLS server that has nothing to offer: that a request arrives at all proves that its certificate was trusted. */
export interface TlsProbe {
  /** TCP port on 127.0.0.1. */
  port: number
  /** Holds nothing but the authority's certificate, `authority.crt`. */
  caFolder: string
  /** How many requests came through so far. */
  requests(): number
}

const dayMs = 24 * 60 * 60_000
const authorityName = 'vpdmn-conformance knock authority'

/** Who may log in at the server. */
export interface Account {
  user: string
  password: string
}

/** Opens the server for clients that know it by an IPv4 address; files go to the folder. With an account it takes logins. */
export async function openTlsProbe(
  address: string,
  folder: string,
  lifetime: Lifetime,
  account?: Account,
): Promise<TlsProbe> {
  const validity = { notBefore: new Date(Date.now() - dayMs), notAfter: new Date(Date.now() + dayMs) }
  const authority = issueAuthority({ commonName: authorityName, ...validity })
  const issuer = { commonName: authorityName, key: createPrivateKey(authority.keyPem) }
  const { certificatePem, keyPem } = issueServer({ commonName: address, names: [address], ...validity }, issuer)
  let count = 0
  const server = createServer({ cert: certificatePem, key: keyPem }, (request, response) => {
    count++
    answer(request, response, account)
  })
  // Clients that do not trust it break off: that is no fault.
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  lifetime.defer(() => {
    server.closeAllConnections()
    server.close()
  })
  const caFolder = await makeShare(folder, 'knock-ca', { 'authority.crt': authority.certificatePem })
  return { port: (server.address() as AddressInfo).port, caFolder, requests: () => count }
}

/** Without an account there is nothing here; with one, who gives it is let in (RFC 7617). */
function answer({ headers }: IncomingMessage, response: ServerResponse, account: Account | undefined): void {
  if (!account) return void response.writeHead(404).end()
  const expected = `Basic ${Buffer.from(`${account.user}:${account.password}`).toString('base64')}`
  if (headers.authorization === expected) response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  else response.writeHead(401, { 'www-authenticate': 'Basic realm="knock"' }).end()
}
