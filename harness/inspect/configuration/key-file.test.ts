import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyFileProblem } from './key-file.ts'

const packet = (body: Buffer): Buffer =>
  body.length < 192
    ? Buffer.concat([Buffer.from([0xc6, body.length]), body])
    : Buffer.concat([Buffer.from([0x99, body.length >> 8, body.length & 255]), body])
const bodies = fc.array(
  fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  { minLength: 1, maxLength: 5 },
)

test('a keyring of whole packets is sound, and cut anywhere inside its last one it is not', () => {
  fc.assert(
    fc.property(bodies, fc.nat(), (contents, cut) => {
      const keyring = Buffer.concat(contents.map(packet))
      expect(keyFileProblem(keyring, 'pgp')).toBeUndefined()
      const last = packet(contents.at(-1) as Buffer).length
      const missing = 1 + (cut % (last - 1))
      expect(keyFileProblem(keyring.subarray(0, keyring.length - missing), 'pgp')).toMatch(/ends inside|is no keyring/)
    }),
  )
})

test('any bytes end in a verdict', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void keyFileProblem(Buffer.from(bytes), 'pgp')))
})

test('armour needs both its lines', () => {
  const armoured = '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ==\n-----END PGP PUBLIC KEY BLOCK-----\n'
  expect(keyFileProblem(Buffer.from(armoured), 'pgp')).toBeUndefined()
  expect(keyFileProblem(Buffer.from(armoured.slice(0, 50)), 'pgp')).toBe('ends inside a block of keys')
})

test('a public key of sigstore must parse', () => {
  const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' })
  expect(keyFileProblem(Buffer.from(pem), 'pem')).toBeUndefined()
  expect(keyFileProblem(Buffer.from(pem.slice(0, 80)), 'pem')).toBe('holds no public key')
  expect(keyFileProblem(Buffer.alloc(0), 'pem')).toBe('is empty')
})
