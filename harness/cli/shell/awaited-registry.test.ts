import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { EnvironmentFault } from '../../model/faults.ts'
import { Lifetime } from '../../platform/process/lifetime.ts'
import { openAwaitedRegistry } from './awaited-registry.ts'

/** The registry is copied and started; with an empty cache its images are made first. */
const timeoutMs = 120_000

let lifetime: Lifetime
let top: string
let folder: string
let complaints: string[]
beforeEach(async () => {
  top = await mkdtemp(join(tmpdir(), 'awaited-'))
  folder = top
  lifetime = new Lifetime()
  complaints = []
})
afterEach(async () => {
  await lifetime.end()
  await rm(top, { recursive: true })
})

const open = (mode: string) =>
  openAwaitedRegistry({ mode, folder, lifetime, printError: (reason) => complaints.push(reason) })

/** A GET as a guest sends it: to a public name, with the run's authority trusted. */
function statusOf(port: number, authority: string, path: string): Promise<number | undefined> {
  const names = {
    servername: 'docker.io',
    headers: { host: 'docker.io', accept: 'application/vnd.oci.image.index.v1+json' },
  }
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path, ca: readFileSync(authority), agent: false, ...names })
    call.once('response', (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
    call.once('error', reject)
    call.end()
  })
}

const manifest = '/v2/library/alpine/manifests/latest'

test(
  'its door is open before it runs, and who knocks waits until it answers',
  async () => {
    const { tlsPort, certificateAuthority } = await open('process')
    expect(existsSync(join(folder, 'registry'))).toBe(false)
    const together = ['/v2/', manifest].map((path) => statusOf(tlsPort, certificateAuthority, path))
    expect(await Promise.all(together)).toEqual([200, 200])
    expect(complaints).toEqual([])
  },
  timeoutMs,
)

test(
  'one that does not start answers 502, and says why once',
  async () => {
    folder = join(folder, 'long'.repeat(30))
    mkdirSync(folder)
    const { tlsPort, certificateAuthority } = await open('process')
    for (let time = 0; time < 2; time++) expect(await statusOf(tlsPort, certificateAuthority, manifest)).toBe(502)
    expect(complaints).toEqual([expect.stringMatching(/is too long for a unix socket/)])
  },
  timeoutMs,
)

test('one of the user’s that is not there is told before a guest is opened', async () => {
  await expect(open('http://127.0.0.1:1')).rejects.toThrow(EnvironmentFault)
  expect(complaints).toEqual([])
})
