import { expect, test } from 'vitest'
import { CallFault } from '../../model/faults.ts'
import { bisectHelp, bisectOptions, bisectOut, parseBisectCall } from './bisect-call.ts'

const parse = (line: string) => parseBisectCall(line.split(' ').filter(Boolean), '/here')

test('two images are bisected by all static requirements by default', () => {
  expect(parse('a.squashfs sub/b')).toEqual({
    ...{ action: 'bisect', good: '/here/a.squashfs', bad: '/here/sub/b', requirements: [], accelerator: 'auto' },
    ...{ sandbox: 'available', maxTrials: 500, maxMinutes: 480, isFresh: false, json: false },
  })
})

test('requirements may be named in lists and more than once, files relative to the caller', () => {
  expect(
    parse('a b --requirement X-1,Y-2 --requirement X-1 --kernel k --out o --repeats 3 --profile vpdmn'),
  ).toMatchObject({
    ...{ requirements: ['X-1', 'Y-2'], kernel: '/here/k', out: '/here/o', repeats: 3, profile: 'vpdmn' },
  })
})

test.each(['', 'a', 'a b c', 'a b --repeats 0', 'a b --max-trials 1', 'a b --quick'])(
  '"%s" is a wrong call',
  (line) => {
    expect(() => parse(line)).toThrow(CallFault)
  },
)

test('each pair of images has a folder of its own', () => {
  const [one, other] = ['a'.repeat(64), 'b'.repeat(64)]
  expect(bisectOut(one, other)).not.toBe(bisectOut(other, one))
  expect(bisectOut(one, other)).toBe(bisectOut(one, other))
})

test('the help text keeps to 80 columns and lists every option', () => {
  const lines = bisectHelp().split('\n')
  expect(lines.filter((line) => line.length > 80)).toEqual([])
  for (const { name } of bisectOptions) expect(lines.filter((line) => line.startsWith(`  --${name} `))).toHaveLength(1)
})
