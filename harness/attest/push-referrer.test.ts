import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CallFault, EnvironmentFault } from '../model/faults.ts'
import { type SampleRegistry, startSampleRegistry } from '../registry/sample-registry.ts'
import { parseImageReference } from './image-reference.ts'
import { loginFor } from './logins.ts'
import { pushReferrer } from './push-referrer.ts'
import { RegistryClient } from './registry-client.ts'

const folder = mkdtempSync(join(tmpdir(), 'push-referrer-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ociTypes = 'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json'

describe('a bundle that is pushed to a registry', () => {
  let sample: SampleRegistry
  beforeAll(async () => {
    sample = await startSampleRegistry(['alpine'])
  })
  afterAll(() => sample.lifetime.end())

  test('is found as a referrer of the image, whole, and once though it is pushed twice', async () => {
    const reference = sample.workloads.named('alpine').references[0] as string
    const host = `127.0.0.1:${sample.registry.plainPort}`
    const image = parseImageReference(`${host}/${reference}`)
    const client = new RegistryClient({ origin: `http://${host}` })
    const push = (text: string) => pushReferrer(Buffer.from(text), image, client)
    const digests = [await push('one\n'), await push('two\n'), await push('one\n')]
    expect(digests[2]).toBe(digests[0])
    const get = async (path: string) =>
      (await fetch(`http://${host}/v2/${image.repository}/${path}`, { headers: { accept: ociTypes } })).json()
    const subject = sample.workloads.named('alpine').index.digest
    const list = (await get(`manifests/${subject.replace(':', '-')}`)) as { manifests: { digest: string }[] }
    expect(list.manifests.map(({ digest }) => digest).toSorted()).toEqual([...new Set(digests)].toSorted())
    const manifest = (await get(`manifests/${digests[1]}`)) as {
      subject: { digest: string }
      layers: { digest: string }[]
    }
    expect(manifest.subject.digest).toBe(subject)
    const blob = await fetch(`http://${host}/v2/${image.repository}/blobs/${manifest.layers[0]?.digest}`)
    expect(await blob.text()).toBe('two\n')
  })

  test('is refused where the image is not there', async () => {
    const host = `127.0.0.1:${sample.registry.plainPort}`
    const push = pushReferrer(
      Buffer.from('x'),
      parseImageReference(`${host}/nothing:1`),
      new RegistryClient({ origin: `http://${host}` }),
    )
    await expect(push).rejects.toThrow(/has no image nothing 1/)
  })
})

test('a login goes to its registry alone, and a token is asked for by it', async () => {
  const seen: (string | undefined)[] = []
  const server = createServer((request, response) => {
    const { authorization } = request.headers
    seen.push(authorization)
    if (request.url?.startsWith('/token')) return response.end(JSON.stringify({ token: 'T' }))
    if (authorization === 'Bearer T') return response.end('{}')
    const realm = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`
    return response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}",service="s"` }).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await new RegistryClient({ origin, authorization: 'Basic B' }).manifest('r', 't', '*/*')
    expect(seen).toEqual(['Basic B', 'Basic B', 'Bearer T'])
    await new RegistryClient({ origin }).manifest('r', 't', '*/*')
    expect(seen.slice(3)).toEqual([undefined, undefined, 'Bearer T'])
  } finally {
    server.close()
  }
})

test('a registry that is not there is a fault of the environment', async () => {
  const client = new RegistryClient({ origin: 'http://127.0.0.1:1' })
  await expect(client.manifest('r', 't', '*/*')).rejects.toThrow(EnvironmentFault)
})

test('a login is read for its host, and one that is missing is told', () => {
  const path = join(folder, 'auth.json')
  writeFileSync(path, JSON.stringify({ auths: { 'r.example': { auth: 'QQ==' } } }))
  expect(loginFor('r.example', path)).toBe('Basic QQ==')
  expect(() => loginFor('other.example', path)).toThrow(/has no login for other.example/)
  writeFileSync(path, '[]')
  expect(() => loginFor('r.example', path)).toThrow(CallFault)
})

test.each([
  '',
  'name',
  'name:tag',
  'library/name',
  'r.example/',
  'r.example/Name:1',
  'r.example/a:b:c',
  'r.example/../x',
])('"%s" names no image in a registry', (text) => {
  expect(() => parseImageReference(text)).toThrow(CallFault)
})
