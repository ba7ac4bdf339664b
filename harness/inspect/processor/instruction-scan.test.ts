import { expect, test } from 'vitest'
import { featuresOfCode } from './instruction-scan.ts'

/** Code of aarch64 by its words, as gcc 12 writes it, so often that a program of some size comes of it. */
const code = (...words: number[]): Buffer => {
  const once = Buffer.alloc(words.length * 4)
  for (const [index, word] of words.entries()) once.writeUInt32LE(word, index * 4)
  return Buffer.concat(Array(8).fill(once))
}

/** `ldaddal`, `casal`, `swpal` and what stands around them (-march=armv8.1-a+lse -mno-outline-atomics). */
const withAtomics = [0xf8e10000, 0xd65f03c0, 0x2a0103e3, 0x88e3fc02, 0x6b01007f, 0x1a9f17e0, 0xf8e18000, 0xd65f03c0]
/** The same three for Armv8.0: `ldaxr` and `stlxr` in a loop. */
const withExclusives = [0xc85ffc40, 0x8b010003, 0xc804fc43, 0x885ffc03, 0x8804fc02, 0xc85ffc40, 0xc803fc41, 0xd65f03c0]
/** A loop over vectors: `cntd`, `whilelo`, `ptrue`, loads, `fmad`, a store (-O3 -march=armv8.2-a+sve). */
const withVectors = [
  ...[0x7100007f, 0x540001ad, 0xd2800004, 0x04e0e3e5, 0x25e30fe0, 0x2518e3e1, 0xa5e44002, 0xa5e44021],
  ...[0xa5e44040, 0x65e28420, 0xe5e44000, 0x8b050084, 0x25e30c80, 0x54ffff21, 0xd65f03c0],
]

test('a program whose atomic operations are those of LSE needs it', () => {
  expect(featuresOfCode('aarch64', code(...withAtomics))).toEqual(['lse'])
})

test('a program that chooses between both ways at run time, as gcc does by default, needs none', () => {
  expect(featuresOfCode('aarch64', code(...withAtomics, ...withExclusives))).toEqual([])
  expect(featuresOfCode('aarch64', code(...withExclusives))).toEqual([])
})

test('a program with loops over vectors of SVE needs it, also where all of them count up to a bound', () => {
  expect(featuresOfCode('aarch64', code(...withVectors))).toEqual(['sve'])
  expect(featuresOfCode('aarch64', code(...withVectors.filter((word) => word !== 0x2518e3e1)))).toEqual(['sve'])
})

test('a few such loops in a large program are of a function that is chosen at run time', () => {
  const rest = Buffer.alloc(2 * 1024 * 1024, Buffer.from('1f2003d5', 'hex'))
  expect(featuresOfCode('aarch64', Buffer.concat([code(...withVectors), rest]))).toEqual([])
})
