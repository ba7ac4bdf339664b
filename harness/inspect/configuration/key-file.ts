import { createPublicKey } from 'node:crypto'

/** What is wrong with a file of public keys, to follow "it "; undefined for nothing. `kind` is what the policy wants of it. */
export function keyFileProblem(bytes: Buffer, kind: 'pgp' | 'pem'): string | undefined {
  if (bytes.length === 0) return 'is empty'
  return kind === 'pem' ? pemProblem(bytes.toString('latin1')) : pgpProblem(bytes)
}

function pemProblem(text: string): string | undefined {
  try {
    createPublicKey(text)
    return undefined
  } catch {
    return 'holds no public key'
  }
}

const armorBegin = '-----BEGIN PGP PUBLIC KEY BLOCK-----'
const armorEnd = '-----END PGP PUBLIC KEY BLOCK-----'

/** A keyring is a run of packets (RFC 9580, 4.2), or the same as text between two lines. */
function pgpProblem(bytes: Buffer): string | undefined {
  const text = bytes.toString('latin1')
  if (text.includes('-----BEGIN'))
    return text.includes(armorBegin) && text.includes(armorEnd) ? undefined : 'ends inside a block of keys'
  for (let at = 0; at < bytes.length; ) {
    const next = packetEnd(bytes, at)
    if (next === undefined) return at === 0 ? 'is no keyring' : 'ends inside a packet'
    if (next > bytes.length) return 'ends inside a packet'
    at = next
  }
  return undefined
}

/** Where the packet at an offset ends; undefined where none begins there. Keyrings have no packets of partial length. */
function packetEnd(bytes: Buffer, at: number): number | undefined {
  const head = bytes[at] ?? 0
  if ((head & 0x80) === 0) return undefined
  const isNewFormat = (head & 0x40) !== 0
  const lengthBytes = isNewFormat ? newLengthBytes(bytes[at + 1]) : [1, 2, 4][head & 0x03]
  if (lengthBytes === undefined || at + 1 + lengthBytes > bytes.length) return undefined
  return at + 1 + lengthBytes + (isNewFormat ? newLength(bytes, at + 1) : bytes.readUIntBE(at + 1, lengthBytes))
}

const newLengthBytes = (first = 0): number | undefined =>
  first < 192 ? 1 : first < 224 ? 2 : first === 255 ? 5 : undefined

function newLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0
  if (first < 192) return first
  return first === 255 ? bytes.readUInt32BE(at + 1) : ((first - 192) << 8) + (bytes[at + 1] ?? 0) + 192
}
