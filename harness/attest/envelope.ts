import { type KeyObject, sign, verify } from 'node:crypto'
import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { CallFault } from '../model/faults.ts'
import { boundedText } from './bounded-file.ts'
import { hashFor, keyIdOf } from './signing-key.ts'
import type { Statement } from './statements.ts'

/** DSSE 1.0: a payload, and signatures over it and its type (github.com/secure-systems-lab/dsse). */
const envelopeSchema = Type.Object({
  payload: Type.String(),
  payloadType: Type.String(),
  signatures: Type.Array(Type.Object({ sig: Type.String() }), { maxItems: 16 }),
})

const payloadType = 'application/vnd.in-toto+json'

/** Two statements with 600 names of requirements take 30 kB; others may have added theirs. */
const maxBundleBytes = 16 * 1024 * 1024

/** What is signed: the payload with its type, so that neither passes for another's (DSSE, "Signature Definition"). */
export function preAuthenticated(type: string, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `), payload])
}

/** A statement in a signed envelope, as one line of JSON. */
export function signedEnvelope(statement: Statement, key: KeyObject): string {
  const payload = Buffer.from(JSON.stringify(statement))
  const sig = sign(hashFor(key), preAuthenticated(payloadType, payload), key)
  return JSON.stringify({
    payload: payload.toString('base64'),
    payloadType,
    signatures: [{ keyid: keyIdOf(key), sig: sig.toString('base64') }],
  })
}

/** A bundle: an envelope on each line (in-toto attestation framework, "Bundle"). */
export const bundleOf = (envelopes: readonly string[]): string => envelopes.map((line) => `${line}\n`).join('')

/**
 * The payloads of a bundle that the key has signed; others' are passed over, as consumers of bundles must. Throws CallFault for a
 * file without envelopes, and for one whose envelopes are all signed by others.
 */
export function readSignedPayloads(path: string, key: KeyObject): unknown[] {
  const signed = envelopesOf(readBundle(path)).filter(
    (envelope) => envelope.payloadType === payloadType && isSignedBy(envelope, key),
  )
  if (signed.length === 0)
    throw new CallFault(`The attestation ${path} is not signed by this key: it was changed, or another key signed it.`)
  return signed.map(({ payload }) => parsed(Buffer.from(payload, 'base64').toString('utf8')))
}

/** The text of a file that holds envelopes. Throws CallFault for one that holds none. */
export function readBundle(path: string): string {
  const text = boundedText(path, 'attestation', maxBundleBytes)
  if (envelopesOf(text).length > 0) return text
  throw new CallFault(`The attestation ${path} holds no signed statement: is it cut off?`)
}

type Envelope = Static<typeof envelopeSchema>

/** Lines that are none are passed over, as consumers of bundles must. */
const envelopesOf = (text: string): Envelope[] =>
  text
    .split('\n')
    .map(parsed)
    .filter((value) => Value.Check(envelopeSchema, value))

function isSignedBy({ payload, payloadType: type, signatures }: Envelope, key: KeyObject): boolean {
  const message = preAuthenticated(type, Buffer.from(payload, 'base64'))
  return signatures.some(({ sig }) => verify(hashFor(key), message, key, Buffer.from(sig, 'base64')))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
