import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { copyByTls, type SampleRegistry, startSampleRegistry } from '../sample-registry.ts'
import type { Fault } from './fault.ts'
import { basicLogin, bearerLogin } from './logins.ts'
import { redirectTo } from './redirects.ts'

let sample: SampleRegistry
beforeAll(async () => {
  sample = await startSampleRegistry(['alpine'])
})
afterAll(() => sample.lifetime.end())

const account = { username: 'worker', password: 'päss:word' }
const right = ['--src-creds', 'worker:päss:word']
const wrong = ['--src-creds', 'worker:guess']

async function pullBehind(faults: readonly Fault[], options: readonly string[]) {
  const front = await sample.registry.openFront({ faults })
  const { exitCode, stderr } = await copyByTls(sample, 'library/alpine:latest', { tlsPort: front.tlsPort, options })
  await front.close()
  return { exitCode, stderr, requests: front.requests() }
}

describe.each([
  { kind: 'basic', login: () => basicLogin(account) },
  { kind: 'bearer', login: () => bearerLogin(account) },
])('a registry with $kind login', ({ login }) => {
  test('serves the right account', async () => {
    expect(await pullBehind([login()], right)).toMatchObject({ exitCode: 0 })
  })

  test.each([
    { who: 'a wrong password', options: wrong },
    { who: 'nobody', options: [] },
  ])('serves no content to $who', async ({ options }) => {
    const { exitCode, stderr, requests } = await pullBehind([login()], options)
    expect(exitCode).not.toBe(0)
    expect(stderr).toMatch(/unauthorized|authentication required/)
    expect(requests.every(({ status }) => status === 401)).toBe(true)
  })
})

test('a token for anyone is asked for once and used for all content', async () => {
  const { exitCode, requests } = await pullBehind([bearerLogin('anyone')], [])
  expect(exitCode).toBe(0)
  expect(requests.filter(({ path }) => path.startsWith('/token'))).toHaveLength(1)
})

test('a redirected blob is served without the login, which the client must not send to another host', async () => {
  const target = `localhost:${sample.registry.tlsPort}`
  const redirect: Fault = { id: 'redirect', on: { resource: 'blob', methods: ['GET'] }, act: redirectTo(target) }
  expect(await pullBehind([basicLogin(account), redirect], right)).toMatchObject({ exitCode: 0 })
})
