import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readStored, type StoredResult, storedText } from './stored-result.ts'

const stored: StoredResult = { id: 'DMN-001', key: 'ab12', foundAt: '2026-11-28T08:00:00.000Z', durationMs: 1234.5 }
const text = storedText(stored)

test('a result is read as it was written', () => {
  expect(readStored(text, 'DMN-001')).toEqual(stored)
})

test('a file of another requirement is none', () => {
  expect(readStored(text, 'DMN-002')).toBeUndefined()
})

test('no change of a byte passes, unless it changes nothing that is read', () => {
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.integer({ min: 32, max: 126 }), (at, code) => {
      const changed = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1)
      const read = readStored(changed, 'DMN-001')
      if (read !== undefined) expect(read).toEqual(stored)
    }),
  )
})

test('nothing that is thrown at it is taken for a result, nor ends in an error', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (content) => {
      expect(readStored(content, 'DMN-001')).toBeUndefined()
    }),
  )
})
