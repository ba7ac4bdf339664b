import { X509Certificate } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runTool } from '../../platform/process/run-tool.ts'
import { servedNames } from '../served-names.ts'
import { type CertificateKind, certificateKinds, issueFrontCertificate, makeRunAuthority } from './run-authority.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vpdmn-authority-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** What openssl says about a certificate of each kind, checked for docker.io against the run's authority. */
const verdicts: Record<CertificateKind, RegExp> = {
  trusted: /: OK$/m,
  'unknown-authority': /unable to get local issuer certificate|certificate signature failure/,
  expired: /certificate has expired/,
  'not-yet-valid': /certificate is not yet valid/,
  'wrong-name': /hostname mismatch/,
}

test.each(certificateKinds)('openssl finds a certificate of the kind %s to be that', async (kind) => {
  const authority = await makeRunAuthority(join(folder, kind))
  const path = join(folder, `${kind}.pem`)
  await writeFile(path, (await issueFrontCertificate(authority, kind)).certificatePem)
  const options = ['-x509_strict', '-CAfile', authority.certificatePath, '-verify_hostname', 'docker.io']
  const { stdout, stderr } = await runTool('openssl', ['verify', ...options, path], { timeoutMs: 10_000 })
  expect(stdout.toString() + stderr).toMatch(verdicts[kind])
})

describe('the run authority', () => {
  test('shares a folder with its certificate alone and keeps its key to its owner', async () => {
    const authority = await makeRunAuthority(join(folder, 'files'))
    expect(await readdir(authority.caFolder)).toEqual(['vpdmn-conformance.crt'])
    expect((await stat(authority.keyPath)).mode & 0o777).toBe(0o600)
  })

  test('signs for every served name, and for a clock that is a day off', async () => {
    const authority = await makeRunAuthority(join(folder, 'names'))
    const certificate = new X509Certificate((await issueFrontCertificate(authority, 'trusted')).certificatePem)
    for (const { name } of servedNames) expect(certificate.checkHost(name)).toBe(name)
    const dayMs = 24 * 60 * 60_000
    expect(Date.parse(certificate.validFrom)).toBeLessThan(Date.now() - dayMs)
    expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now() + dayMs)
  })

  test('is another one in every folder', async () => {
    const [one, other] = [await makeRunAuthority(join(folder, 'one')), await makeRunAuthority(join(folder, 'other'))]
    const certificate = new X509Certificate((await issueFrontCertificate(one, 'trusted')).certificatePem)
    const authorityOf = async (path: string) => new X509Certificate(await readFile(path))
    expect(certificate.verify((await authorityOf(one.certificatePath)).publicKey)).toBe(true)
    expect(certificate.verify((await authorityOf(other.certificatePath)).publicKey)).toBe(false)
  })
})
