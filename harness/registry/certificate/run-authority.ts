import { createPrivateKey } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cached, cacheKey } from '../../platform/cache/cache.ts'
import { loopbackNames, servedNames } from '../served-names.ts'
import { issueAuthority, issueServer, type KeyedCertificate } from './issue-certificate.ts'

/** The harness's certificate authority: files, so that other processes of a run can sign too. */
export interface RunAuthority {
  /** PEM, named `*.crt`, as the share for authorities wants it. */
  certificatePath: string
  /** PEM; outside the shared folder, readable by its owner only. */
  keyPath: string
  /** A folder with nothing but the certificate, to be shared with the guest. */
  caFolder: string
}

const authorityName = 'vpdmn-conformance run authority'
const dayMs = 24 * 60 * 60_000
/** A guest without a synchronised clock may be off by a day or sit in the past of its build date; a month covers both. */
const toleranceMs = 30 * dayMs
/** Guest templates outlive a run with the authority installed in them; both are made anew each fortnight. */
const periodMs = 14 * dayMs

/** This period's authority of this user, from the cache; only guests that the harness boots trust it. */
export async function ensureAuthority(now = Date.now()): Promise<RunAuthority> {
  const key = cacheKey('authority', String(Math.floor(now / periodMs)))
  return authorityIn(await cached('authority', key, (folder) => makeRunAuthority(folder).then(() => {})))
}

/** Makes a new authority in a folder. */
export async function makeRunAuthority(folder: string): Promise<RunAuthority> {
  const authority = authorityIn(folder)
  await mkdir(authority.caFolder, { recursive: true })
  const { certificatePem, keyPem } = issueAuthority({ commonName: authorityName, ...validNow() })
  await writeFile(authority.certificatePath, certificatePem)
  await writeFile(authority.keyPath, keyPem, { mode: 0o600 })
  return authority
}

function authorityIn(folder: string): RunAuthority {
  const caFolder = join(folder, 'ca')
  return { caFolder, certificatePath: join(caFolder, 'vpdmn-conformance.crt'), keyPath: join(folder, 'authority.key') }
}

const validNow = () => ({
  notBefore: new Date(Date.now() - toleranceMs),
  notAfter: new Date(Date.now() + toleranceMs),
})

/** What a front presents; all but `trusted` must make a client refuse the connection. */
export const certificateKinds = ['trusted', 'unknown-authority', 'expired', 'not-yet-valid', 'wrong-name'] as const
export type CertificateKind = (typeof certificateKinds)[number]

const names = [...servedNames.map(({ name }) => name), ...loopbackNames]

const requests: Record<CertificateKind, () => { names: readonly string[]; notBefore: Date; notAfter: Date }> = {
  trusted: () => ({ names, ...validNow() }),
  'unknown-authority': () => ({ names, ...validNow() }),
  expired: () => ({ names, notBefore: new Date(Date.now() - 3 * toleranceMs), notAfter: daysFromNow(-60) }),
  'not-yet-valid': () => ({ names, notBefore: daysFromNow(60), notAfter: daysFromNow(90) }),
  'wrong-name': () => ({ names: ['elsewhere.test'], ...validNow() }),
}

const daysFromNow = (days: number): Date => new Date(Date.now() + days * dayMs)

/** A fresh server certificate of the kind asked for. */
export async function issueFrontCertificate(authority: RunAuthority, kind: CertificateKind): Promise<KeyedCertificate> {
  const request = { commonName: 'vpdmn-conformance registry', ...requests[kind]() }
  const keyPem =
    kind === 'unknown-authority'
      ? issueAuthority({ commonName: authorityName, ...validNow() }).keyPem
      : await readFile(authority.keyPath, 'utf8')
  return issueServer(request, { commonName: authorityName, key: createPrivateKey(keyPem) })
}
