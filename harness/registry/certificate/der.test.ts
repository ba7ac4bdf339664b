import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bitString, objectIdentifier, octetString, time, unsignedInteger } from './der.ts'

describe('DER', () => {
  test('states the length of any content in the shortest form', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 70_000 }), (length) => {
        const encoded = octetString(Buffer.alloc(length))
        const short = length < 128
        const lengthBytes = short ? 0 : (encoded[1] as number) & 0x7f
        const stated = short ? encoded[1] : encoded.readUIntBE(2, lengthBytes)
        expect(stated).toBe(length)
        expect(encoded).toHaveLength(2 + lengthBytes + length)
        if (!short) expect(encoded[2]).not.toBe(0)
      }),
    )
  })

  test.each([
    { bytes: [0x7f], encoded: '02017f' },
    { bytes: [0x80], encoded: '02020080' },
    { bytes: [], encoded: '020100' },
  ])('keeps the integer $bytes positive', ({ bytes, encoded }) => {
    expect(unsignedInteger(Buffer.from(bytes)).toString('hex')).toBe(encoded)
  })

  test('writes object identifiers in base 128 (the example of X.690, 8.19.5)', () => {
    expect(objectIdentifier('2.999.3').toString('hex')).toBe('0603883703')
  })

  test('counts the unused bits of a bit string', () => {
    expect(bitString(Buffer.from([0b1000_0000]), 1).toString('hex')).toBe('03020780')
  })

  test.each([
    { at: '2049-12-31T23:59:59Z', encoded: '491231235959Z', tag: 0x17 },
    { at: '2050-01-01T00:00:00Z', encoded: '20500101000000Z', tag: 0x18 },
  ])('changes the form of times with the year 2050 ($at)', ({ at, encoded, tag }) => {
    const bytes = time(new Date(at))
    expect([bytes[0], bytes.subarray(2).toString()]).toEqual([tag, encoded])
  })
})
