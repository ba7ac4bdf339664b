import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tinyElf } from '../../../fixtures/static/tiny-elf.ts'
import { readerOf } from './elf.ts'
import { linkedNames } from './linked-packages.ts'

const mark = 'storage/pkg/configfile.'

test('names are found wherever they stand in the table, across chunks too', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3 * 1024 * 1024 }), (distance) => {
      const program = tinyElf({ functionNames: ['x'.repeat(distance), `${mark}Read`, 'y'.repeat(4096)] })
      expect(linkedNames(readerOf(program), [mark, 'libnetwork/cni.'])).toEqual(new Set([mark]))
    }),
    { numRuns: 50, examples: [[1024 * 1024 - 10], [1024 * 1024], [0]] },
  )
})

test('names outside the function table do not count', () => {
  expect(linkedNames(readerOf(tinyElf({ functionNames: ['main.main'], text: mark })), [mark])).toEqual(new Set())
})

test('a program without a function table tells nothing', () => {
  expect(linkedNames(readerOf(tinyElf({ text: mark })), [mark])).toBeUndefined()
})
