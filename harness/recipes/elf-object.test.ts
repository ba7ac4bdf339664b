import fc from 'fast-check'
import { expect, test } from 'vitest'
import { interpreter, moduleInformation, neededLibraries, readElf } from './elf-object.ts'
import { neededSections, sampleElf } from './sample-elf.ts'

test('names the needed libraries in order', () => {
  const elf = readElf(sampleElf(neededSections(['libc.so.6', 'libm.so.6'])))
  expect(neededLibraries(elf)).toEqual(['libc.so.6', 'libm.so.6'])
})

test('a program without a dynamic section needs nothing and names no loader', () => {
  const elf = readElf(sampleElf({ '.text': 'code' }))
  expect(neededLibraries(elf)).toEqual([])
  expect(interpreter(elf)).toBeUndefined()
})

test('names the loader without its closing NUL', () => {
  expect(interpreter(readElf(sampleElf({ '.interp': '/lib/ld.so\0' })))).toBe('/lib/ld.so')
})

test('keeps repeated keys of a kernel module apart', () => {
  const elf = readElf(sampleElf({ '.modinfo': 'depends=a,b\0alias=x=y\0alias=z\0' }))
  expect(moduleInformation(elf)).toEqual([
    ['depends', 'a,b'],
    ['alias', 'x=y'],
    ['alias', 'z'],
  ])
})

test('refuses a file that is no 64-bit little-endian ELF', () => {
  expect(() => readElf(Buffer.from('#!/bin/sh\n'))).toThrow('not a 64-bit little-endian ELF file')
})

test('any bytes after the magic are read or refused, never a hang', () => {
  const magic = Buffer.from('\x7fELF\x02\x01', 'latin1')
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 0, maxLength: 300 }), (rest) => {
      try {
        neededLibraries(readElf(Buffer.concat([magic, rest])))
      } catch (error) {
        expect(error).toBeInstanceOf(Error)
      }
    }),
  )
})
