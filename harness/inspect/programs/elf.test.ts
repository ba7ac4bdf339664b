import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tinyElf } from '../../../fixtures/static/tiny-elf.ts'
import { elfMagic } from '../../image/file-magic.ts'
import { linkageOf } from './elf.ts'

test('names the loader without its closing NUL, and the needed libraries in order', () => {
  const program = tinyElf({ interpreter: '/lib/ld.so', needed: ['libc.so.6', 'libm.so.6'] })
  expect(linkageOf(program)).toEqual({ loader: '/lib/ld.so', libraries: ['libc.so.6', 'libm.so.6'] })
})

test('a program without a dynamic section needs nothing and names no loader', () => {
  expect(linkageOf(tinyElf({ type: 1, code: Buffer.from('code') }))).toEqual({ loader: undefined, libraries: [] })
})

test('any bytes after the magic are read or refused, never a hang', () => {
  const magic = Buffer.from(`${elfMagic}\x02\x01`, 'latin1')
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 0, maxLength: 300 }), (rest) => {
      try {
        linkageOf(Buffer.concat([magic, rest]))
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError)
      }
    }),
  )
})
