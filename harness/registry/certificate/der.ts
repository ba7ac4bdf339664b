/** The few DER encodings a certificate needs (ITU-T X.690). Each returns tag, length and content. */

export function tagged(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content])
}

/** Definite length: short form below 128, else the count of length bytes first (X.690, 8.1.3). */
function lengthOf(length: number): Buffer {
  if (length < 128) return Buffer.from([length])
  const hex = length.toString(16)
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes])
}

export const sequence = (...contents: readonly Uint8Array[]): Buffer => tagged(0x30, ...contents)
export const set = (...contents: readonly Uint8Array[]): Buffer => tagged(0x31, ...contents)
export const octetString = (...contents: readonly Uint8Array[]): Buffer => tagged(0x04, ...contents)
export const utf8String = (text: string): Buffer => tagged(0x0c, Buffer.from(text))
export const derTrue = tagged(0x01, Buffer.from([0xff]))

/** An unsigned integer; a leading zero byte keeps a set high bit from meaning a negative number (X.690, 8.3). */
export function unsignedInteger(bytes: Uint8Array): Buffer {
  const needsZero = bytes.length === 0 || (bytes[0] ?? 0) >= 0x80
  return tagged(0x02, Buffer.from(needsZero ? [0] : []), bytes)
}

/** A bit string of whole bytes, or of `bitCount` bits from the left with the rest unused (X.690, 8.6). */
export function bitString(bytes: Uint8Array, bitCount = bytes.length * 8): Buffer {
  return tagged(0x03, Buffer.from([bytes.length * 8 - bitCount]), bytes)
}

export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest].flatMap(base128)))
}

/** Seven bits a byte, most significant first, the high bit on all but the last (X.690, 8.19). */
function base128(value: number): number[] {
  const bytes = [value & 0x7f]
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift((rest & 0x7f) | 0x80)
  return bytes
}

/** A time of a certificate: UTCTime through 2049, GeneralizedTime from 2050 on (RFC 5280, 4.1.2.5). */
export function time(at: Date): Buffer {
  const digits = at.toISOString().replace(/[-:T]|\.\d+/g, '')
  return at.getUTCFullYear() < 2050
    ? tagged(0x17, Buffer.from(digits.slice(2), 'ascii'))
    : tagged(0x18, Buffer.from(digits, 'ascii'))
}
