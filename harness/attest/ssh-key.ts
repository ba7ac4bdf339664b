import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'

/** The kind that ssh-keygen makes by default since OpenSSH 9.5; it turns the others into PEM (ssh-keygen -p -m PEM). */
const keyType = 'ssh-ed25519'
const publicKeyBytes = 32
const privateKeyBytes = 64
const magic = Buffer.from('openssh-key-v1\0')

/** Why a key cannot be used, as the end of a sentence. */
export class KeyProblem extends Error {
  override readonly name = 'KeyProblem'
}

export const withPassphrase = 'has a passphrase: give a key of the build without one'

/** Fields of the ssh wire format: each a length of four bytes, then its bytes (RFC 4251, section 5). */
class Fields {
  #at = 0
  readonly #bytes: Buffer

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  skip(count: number): void {
    this.#at += count
  }

  next(): Buffer {
    const start = this.#at + 4
    if (start > this.#bytes.length) throw new KeyProblem('is cut off')
    const end = start + this.#bytes.readUInt32BE(this.#at)
    if (end > this.#bytes.length) throw new KeyProblem('is cut off')
    this.#at = end
    return this.#bytes.subarray(start, end)
  }
}

const base64Url = (bytes: Buffer): string => bytes.toString('base64url')

/** A line such as `ssh-ed25519 AAAA… comment`. Throws KeyProblem for what is none. */
export function sshPublicKey(line: string): KeyObject {
  const [type = '', data = ''] = line.trim().split(/\s+/)
  requireType(type)
  const fields = new Fields(Buffer.from(data, 'base64'))
  requireType(fields.next().toString('latin1'))
  const key = fields.next()
  if (key.length !== publicKeyBytes) throw new KeyProblem('is cut off')
  return createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: base64Url(key) } })
}

/** A file of ssh-keygen's own format (PROTOCOL.key of OpenSSH). Throws KeyProblem for what cannot be used. */
export function sshPrivateKey(text: string): KeyObject {
  const bytes = Buffer.from(text.replaceAll(/-----[A-Z ]+-----|\s/g, ''), 'base64')
  if (!bytes.subarray(0, magic.length).equals(magic)) throw new KeyProblem('is damaged')
  const outer = new Fields(bytes.subarray(magic.length))
  const cipher = outer.next().toString('latin1')
  if (cipher !== 'none') throw new KeyProblem(withPassphrase)
  outer.next() // name of the key derivation
  outer.next() // its options
  outer.skip(4) // number of keys, which is always 1
  outer.next() // the public key
  return privatePart(new Fields(outer.next()))
}

function privatePart(inner: Fields): KeyObject {
  inner.skip(8) // two equal numbers, which tell a wrong passphrase
  requireType(inner.next().toString('latin1'))
  const publicKey = inner.next()
  const key = inner.next()
  if (publicKey.length !== publicKeyBytes || key.length !== privateKeyBytes) throw new KeyProblem('is damaged')
  const d = base64Url(key.subarray(0, publicKeyBytes))
  return createPrivateKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', d, x: base64Url(publicKey) } })
}

function requireType(type: string): void {
  if (type === keyType) return
  throw new KeyProblem(`is of type ${type.slice(0, 40)}, of which only PEM is read: ssh-keygen -p -m PEM converts it`)
}
