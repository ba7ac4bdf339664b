import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Lifetime } from '../../platform/process/lifetime.ts'
import { openTlsProbe } from './tls-probe.ts'

let folder: string
let lifetime: Lifetime
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'knock-server-'))
  lifetime = new Lifetime()
})
afterEach(async () => {
  await lifetime.end()
  await rm(folder, { recursive: true })
})

const knock = (port: number, ca?: string) =>
  new Promise<number | string | undefined>((resolve) => {
    get({ host: '127.0.0.1', port, ...(ca && { ca }) }, ({ statusCode }) => resolve(statusCode)).on('error', (error) =>
      resolve((error as NodeJS.ErrnoException).code),
    )
  })

test('only who trusts the authority gets a request through', async () => {
  const server = await openTlsProbe('127.0.0.1', folder, lifetime)
  expect(await knock(server.port)).toMatch(/CERT|SIGNATURE|ISSUER/)
  expect(server.requests()).toBe(0)
  expect(await knock(server.port, await readFile(join(server.caFolder, 'authority.crt'), 'utf8'))).toBe(404)
  expect(server.requests()).toBe(1)
})
