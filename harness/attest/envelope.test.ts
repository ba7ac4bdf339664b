import { execFileSync } from 'node:child_process'
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { CallFault } from '../model/faults.ts'
import { sampleImage } from '../report/sample-report.ts'
import { bundleOf, preAuthenticated, readSignedPayloads, signedEnvelope } from './envelope.ts'
import { sampleAttestedRun } from './sample-attested-run.ts'
import { keyIdOf, readSigningKey, readVerificationKey } from './signing-key.ts'
import { testResultStatement } from './statements.ts'

const folder = mkdtempSync(join(tmpdir(), 'envelope-'))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string) => join(folder, name)
const statement = testResultStatement(sampleImage(), sampleAttestedRun)

test('what is signed is the encoding of the specification’s own example', () => {
  expect(preAuthenticated('http://example.com/HelloWorld', Buffer.from('hello world')).toString()).toBe(
    'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
  )
})

test('two payloads are never signed alike, wherever type and payload meet', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (type, payload, otherType, otherPayload) => {
      fc.pre(type !== otherType || payload !== otherPayload)
      const one = preAuthenticated(type, Buffer.from(payload))
      expect(one.equals(preAuthenticated(otherType, Buffer.from(otherPayload)))).toBe(false)
    }),
  )
})

const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })

/** Each way to make a key, and how openssl then verifies: by itself, without us. */
const kinds: readonly [kind: string, make: (name: string) => void, isPrehashed: boolean][] = [
  ['RSA', (name) => openssl('genrsa', '-out', name, '2048'), true],
  ['ECDSA', (name) => openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', name), true],
  ['Ed25519', (name) => openssl('genpkey', '-algorithm', 'ed25519', '-out', name), false],
  ['ssh', (name) => execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(name)]), false],
]

describe.each(kinds)('a signature by a key of %s', (kind, make, isPrehashed) => {
  const name = `${kind}.key`
  make(name)
  const key = readSigningKey(at(name))
  const envelope = JSON.parse(signedEnvelope(statement, key))
  const publicKey = kind === 'ssh' ? derOfSsh(`${name}.pub`) : createPublicKey(readFileSync(at(name)))
  writeFileSync(at(`${kind}.pem`), publicKey.export({ type: 'spki', format: 'pem' }))

  test('is verified by openssl, and not over another payload', () => {
    const message = preAuthenticated(envelope.payloadType, Buffer.from(envelope.payload, 'base64'))
    expect(verifiedByOpenssl(kind, isPrehashed, message, envelope.signatures[0].sig)).toBe(true)
    expect(verifiedByOpenssl(kind, isPrehashed, Buffer.from(`${message} `), envelope.signatures[0].sig)).toBe(false)
  })

  test('is read back by the public key', () => {
    writeFileSync(at('bundle'), bundleOf([JSON.stringify(envelope)]))
    const own = readVerificationKey(at(kind === 'ssh' ? `${name}.pub` : `${kind}.pem`))
    expect(readSignedPayloads(at('bundle'), own)).toEqual([JSON.parse(JSON.stringify(statement))])
    expect(keyIdOf(own)).toBe(envelope.signatures[0].keyid)
  })
})

/** The key that ssh-keygen wrote, by the fixed head of an Ed25519 key in DER (RFC 8410) and not by our reader. */
function derOfSsh(name: string): KeyObject {
  const data = Buffer.from(readFileSync(at(name), 'utf8').split(' ')[1] as string, 'base64')
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), data.subarray(-32)])
  return createPublicKey({ key: der, format: 'der', type: 'spki' })
}

function verifiedByOpenssl(kind: string, isPrehashed: boolean, message: Buffer, signature: string): boolean {
  writeFileSync(at('message'), message)
  writeFileSync(at('signature'), Buffer.from(signature, 'base64'))
  const pem = `${kind}.pem`
  const command = isPrehashed
    ? ['dgst', '-sha256', '-verify', pem, '-signature', 'signature', 'message']
    : ['pkeyutl', '-verify', '-pubin', '-inkey', pem, '-rawin', '-in', 'message', '-sigfile', 'signature']
  try {
    openssl(...command)
    return true
  } catch {
    return false
  }
}

describe('a bundle', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const other = generateKeyPairSync('ed25519').privateKey
  const write = (text: string) => {
    writeFileSync(at('attestation'), text)
    return at('attestation')
  }
  const line = signedEnvelope(statement, privateKey)

  test('may hold what others signed and what is no envelope', () => {
    const path = write(bundleOf([signedEnvelope(statement, other), 'not JSON', '{"a":1}', line]))
    expect(readSignedPayloads(path, publicKey)).toHaveLength(1)
  })

  test('is refused where its payload was changed, or its type', () => {
    const envelope = JSON.parse(line)
    const changed = { ...envelope, payload: Buffer.from('{}').toString('base64') }
    for (const wrong of [changed, { ...envelope, payloadType: 'application/json' }])
      expect(() => readSignedPayloads(write(JSON.stringify(wrong)), publicKey)).toThrow(/is not signed by this key/)
  })

  test('is refused in a sentence where it is cut at any place', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: line.length - 1 }), (length) => {
        truncateSync(write(line), length)
        expect(() => readSignedPayloads(at('attestation'), publicKey)).toThrow(CallFault)
      }),
      { numRuns: 30 },
    )
  })

  test('is refused unread where it is huge', () => {
    truncateSync(write(line), 1024 ** 3)
    expect(() => readSignedPayloads(at('attestation'), publicKey)).toThrow(/has 1073741824 bytes/)
  })
})

describe('a key that cannot be used is told', () => {
  test.each([
    ['with a passphrase (ssh)', ['-t', 'ed25519', '-N', 'secret'], /has a passphrase/],
    ['with a passphrase (PEM)', ['-t', 'rsa', '-m', 'PEM', '-N', 'secret'], /has a passphrase/],
    ['of another kind (ssh)', ['-t', 'ecdsa', '-N', ''], /ssh-keygen -p -m PEM converts it/],
    ['too short', ['-t', 'rsa', '-b', '1024', '-m', 'PEM', '-N', ''], /has 1024 bits/],
  ])('%s', (kind, options, message) => {
    const name = kind.replaceAll(/\W/g, '')
    execFileSync('ssh-keygen', ['-q', ...options, '-f', at(name)])
    expect(() => readSigningKey(at(name))).toThrow(message)
  })

  test('whatever the file holds', () => {
    const frames = [(text: string) => text, (text: string) => `-----BEGIN OPENSSH PRIVATE KEY-----\n${text}`]
    const texts = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.constant(Buffer.from('openssh-key-v1\0\0\0\0\xff').toString('base64')),
    )
    fc.assert(
      fc.property(texts, fc.constantFrom(...frames), (text, frame) => {
        writeFileSync(at('nonsense'), frame(text))
        expect(() => readSigningKey(at('nonsense'))).toThrow(CallFault)
        writeFileSync(at('nonsense'), `ssh-ed25519 ${text}`)
        expect(() => readVerificationKey(at('nonsense'))).toThrow(CallFault)
      }),
    )
  })

  test('a private one is no public one', () => {
    writeFileSync(at('private'), generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }))
    expect(() => readVerificationKey(at('private'))).toThrow(/give the public one/)
  })
})
