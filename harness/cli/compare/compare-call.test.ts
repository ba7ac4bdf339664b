import { expect, test } from 'vitest'
import { CallFault } from '../../model/faults.ts'
import { compareHelp, parseCompareCall } from './compare-call.ts'

const parse = (line: string) => parseCompareCall(line.split(' ').filter(Boolean), '/here')

test('two images are compared in all tiers by default', () => {
  expect(parse('a.squashfs sub/b')).toMatchObject({
    ...{ action: 'compare', a: '/here/a.squashfs', b: '/here/sub/b', tiers: ['0', '1', '2'] },
    ...{ profile: 'vpdmn', accelerator: 'auto', pairs: 1, seed: 1, json: false },
  })
  expect(parse('a b --tier 2,0 --pairs 20 --seed 7 --json')).toMatchObject({ tiers: ['0', '2'], pairs: 20, seed: 7 })
})

test.each(['', 'a', 'a b c', 'a b --tier 3', 'a b --pairs none', 'a b --quiet'])('"%s" is a wrong call', (line) => {
  expect(() => parse(line)).toThrow(CallFault)
})

test('the help text keeps to 80 columns', () => {
  expect(
    compareHelp()
      .split('\n')
      .filter((line) => line.length > 80),
  ).toEqual([])
})
