import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIPv4 } from 'node:net'
import {
  bitString,
  derTrue,
  objectIdentifier,
  octetString,
  sequence,
  set,
  tagged,
  time,
  unsignedInteger,
  utf8String,
} from './der.ts'

/** A certificate with its private key, ECDSA on P-256 with SHA-256, both as PEM. */
export interface KeyedCertificate {
  certificatePem: string
  keyPem: string
}

export interface CertificateRequest {
  commonName: string
  /** DNS names and IPv4 addresses of a server; none for an authority. */
  names: readonly string[]
  notBefore: Date
  notAfter: Date
}

/** Who signs: an authority's common name and its private key. */
export interface Issuer {
  commonName: string
  key: KeyObject
}

// Object identifiers: RFC 5280 (extensions), RFC 5480 (keys), RFC 5758 (signature).
const identifiers = {
  commonName: objectIdentifier('2.5.4.3'),
  subjectKeyIdentifier: objectIdentifier('2.5.29.14'),
  keyUsage: objectIdentifier('2.5.29.15'),
  subjectAlternativeName: objectIdentifier('2.5.29.17'),
  basicConstraints: objectIdentifier('2.5.29.19'),
  authorityKeyIdentifier: objectIdentifier('2.5.29.35'),
  extendedKeyUsage: objectIdentifier('2.5.29.37'),
  serverAuthentication: objectIdentifier('1.3.6.1.5.5.7.3.1'),
  ecdsaWithSha256: objectIdentifier('1.2.840.10045.4.3.2'),
}

/** A self-signed authority. */
export function issueAuthority(request: Omit<CertificateRequest, 'names'>): KeyedCertificate {
  const keys = newKeyPair()
  const certificateSigning = Buffer.from([0b0000_0110])
  return issue({ ...request, names: [] }, keys, { commonName: request.commonName, key: keys.privateKey }, [
    extension(identifiers.basicConstraints, sequence(derTrue), true),
    extension(identifiers.keyUsage, bitString(certificateSigning, 7), true),
    extension(identifiers.subjectKeyIdentifier, octetString(keyIdentifier(keys.publicKey))),
  ])
}

/** A server's certificate, signed by an authority. */
export function issueServer(request: CertificateRequest, issuer: Issuer): KeyedCertificate {
  const keys = newKeyPair()
  const digitalSignature = Buffer.from([0b1000_0000])
  return issue(request, keys, issuer, [
    extension(identifiers.basicConstraints, sequence(), true),
    extension(identifiers.keyUsage, bitString(digitalSignature, 1), true),
    extension(identifiers.extendedKeyUsage, sequence(identifiers.serverAuthentication)),
    extension(identifiers.authorityKeyIdentifier, sequence(tagged(0x80, keyIdentifier(issuer.key)))),
    extension(identifiers.subjectAlternativeName, sequence(...request.names.map(generalName))),
  ])
}

interface KeyPair {
  publicKey: KeyObject
  privateKey: KeyObject
}

const newKeyPair = (): KeyPair => generateKeyPairSync('ec', { namedCurve: 'P-256' })

function issue(
  request: CertificateRequest,
  keys: KeyPair,
  issuer: Issuer,
  extensions: readonly Uint8Array[],
): KeyedCertificate {
  const algorithm = sequence(identifiers.ecdsaWithSha256)
  const version3 = tagged(0xa0, unsignedInteger(Buffer.from([2])))
  const toBeSigned = sequence(
    version3,
    unsignedInteger(newSerial()),
    algorithm,
    distinguishedName(issuer.commonName),
    sequence(time(request.notBefore), time(request.notAfter)),
    distinguishedName(request.commonName),
    keys.publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions)),
  )
  const signature = sign('sha256', toBeSigned, issuer.key)
  return {
    certificatePem: pem(sequence(toBeSigned, algorithm, bitString(signature))),
    keyPem: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

/** 16 random bytes, positive and without a leading zero (RFC 5280, 4.1.2.2: at most 20 bytes, unique for an issuer). */
function newSerial(): Buffer {
  const serial = randomBytes(16)
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40
  return serial
}

const distinguishedName = (commonName: string): Buffer =>
  sequence(set(sequence(identifiers.commonName, utf8String(commonName))))

function extension(identifier: Uint8Array, value: Uint8Array, critical = false): Buffer {
  return sequence(identifier, ...(critical ? [derTrue] : []), octetString(value))
}

/** GeneralName of RFC 5280, 4.2.1.6: iPAddress [7] or dNSName [2]. */
function generalName(name: string): Buffer {
  return isIPv4(name)
    ? tagged(0x87, Buffer.from(name.split('.').map(Number)))
    : tagged(0x82, Buffer.from(name, 'ascii'))
}

/** SHA-1 of the public key's bits (RFC 5280, 4.2.1.2, method 1); a P-256 point is the last 65 bytes of its SPKI. */
function keyIdentifier(key: KeyObject): Buffer {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha1').update(spki.subarray(-65)).digest()
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
