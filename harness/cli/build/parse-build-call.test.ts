import { describe, expect, test } from 'vitest'
import { CallFault } from '../../model/faults.ts'
import { parseBuildCall } from './parse-build-call.ts'

const orders = (...args: string[]) => {
  const call = parseBuildCall(args, '/here')
  return call.action === 'build' ? call.orders : []
}

test('without options builds both architectures, of the releases that boot kit and recipe have by default', () => {
  const common = { recipe: 'vpdmn', force: false }
  expect(orders()).toEqual([
    { arch: 'x86_64', ...common },
    { arch: 'aarch64', ...common },
  ])
})

test('takes architecture, release, recipe and force', () => {
  expect(orders('--arch', 'aarch64', '--release', 'bookworm', '--recipe', 'vpdmn-2026', '--force')).toEqual([
    { arch: 'aarch64', release: 'bookworm', recipe: 'vpdmn-2026', force: true },
  ])
})

test('a relative --out means the folder of the call', () => {
  expect(orders('--arch', 'x86_64', '--out', 'blobs')[0]?.out).toBe('/here/blobs')
})

describe('refuses in one sentence', () => {
  test.each([
    [['--arch', 'arm'], 'x86_64, aarch64, all'],
    [['--recipe', 'vpdmn-2025'], 'vpdmn-2026'],
    [['--release', '--force'], 'needs a value'],
    [['--recipe', 'vpdmn-wrynose', '--release', 'trixie'], 'bookworm only'],
    [['--release', '../etc'], 'not a Debian release name'],
    [['--release', '-o'], 'not a Debian release name'],
    [['image.squashfs'], 'takes options only'],
    [['--frce'], '--force'],
  ])('%j', (args, words) => {
    expect(() => parseBuildCall(args)).toThrow(CallFault)
    expect(() => parseBuildCall(args)).toThrow(words)
  })
})
