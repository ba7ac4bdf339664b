import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { CallFault } from '../model/faults.ts'
import { boundedText } from './bounded-file.ts'
import { KeyProblem, sshPrivateKey, sshPublicKey, withPassphrase } from './ssh-key.ts'

/** An RSA key of 16384 bits takes 13 kB as PEM. */
const maxKeyBytes = 64 * 1024
/** Shorter ones are no longer accepted by anybody (NIST SP 800-131A). */
const minRsaBits = 2048

/** The hash that goes with each kind of key; Ed25519 and Ed448 have theirs built in. */
const hashes: Readonly<Record<string, string | null>> = { rsa: 'sha256', ec: 'sha256', ed25519: null, ed448: null }

/** The hash to sign or verify by, as node:crypto takes it. */
export const hashFor = (key: KeyObject): string | null => hashes[key.asymmetricKeyType ?? ''] ?? null

/** Reads a private key, PEM or of ssh-keygen. Throws CallFault for one that cannot sign. */
export const readSigningKey = (path: string): KeyObject =>
  readKey(path, 'private key', (text) =>
    text.includes('BEGIN OPENSSH PRIVATE KEY') ? sshPrivateKey(text) : createPrivateKey(text),
  )

/** Reads a public key, PEM or a line as ssh-keygen writes it into `.pub`. Throws CallFault for one that cannot verify. */
export const readVerificationKey = (path: string): KeyObject =>
  readKey(path, 'public key', (text) => {
    if (text.includes('PRIVATE KEY')) throw new KeyProblem('is a private key: give the public one')
    return /^\s*(ssh|ecdsa|sk)-/.test(text) ? sshPublicKey(text) : createPublicKey(text)
  })

function readKey(path: string, what: string, read: (text: string) => KeyObject): KeyObject {
  const text = boundedText(path, what, maxKeyBytes)
  try {
    // PEM says so itself (RFC 1421, "Proc-Type", and RFC 5958); OpenSSL has several errors for it.
    if (/ENCRYPTED/.test(text)) throw new KeyProblem(withPassphrase)
    const key = read(text)
    const problem = weakness(key)
    if (problem !== undefined) throw new KeyProblem(problem)
    return key
  } catch (cause) {
    throw new CallFault(`The ${what} ${path} ${problemOf(cause)}.`, { cause })
  }
}

const problemOf = (cause: unknown): string =>
  cause instanceof KeyProblem ? cause.message : 'is neither PEM nor an ssh key'

function weakness({ asymmetricKeyType: type, asymmetricKeyDetails }: KeyObject): string | undefined {
  if (!Object.hasOwn(hashes, type ?? '')) return `is of type ${type}: give RSA, ECDSA or Ed25519`
  const bits = asymmetricKeyDetails?.modulusLength ?? minRsaBits
  return bits < minRsaBits ? `has ${bits} bits: give one of at least ${minRsaBits}` : undefined
}

/** Names a key by the SHA-256 of its public half in DER, as securesystemslib does. */
export function keyIdOf(key: KeyObject): string {
  const half = key.type === 'private' ? createPublicKey(key) : key
  return createHash('sha256')
    .update(half.export({ type: 'spki', format: 'der' }))
    .digest('hex')
}
