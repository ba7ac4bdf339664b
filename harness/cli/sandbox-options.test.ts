import { expect, test } from 'vitest'
import { CallFault } from '../model/faults.ts'
import { parseBisectCall } from './bisect/bisect-call.ts'
import { parseBuildCall } from './build/parse-build-call.ts'
import { parseCompareCall } from './compare/compare-call.ts'
import { completionScript } from './completion.ts'
import { parseVerifyCall } from './parse-verify-call.ts'
import { parseShellCall } from './shell/shell-call.ts'

/** The least call of each command that boots an image, and where its answer has what was asked of the sandbox. */
const callers: [string, (...options: string[]) => unknown][] = [
  ['verify', (...options) => parseVerifyCall(['a', ...options])],
  ['self-test', (...options) => parseVerifyCall(['--self-test', ...options])],
  ['compare', (...options) => parseCompareCall(['a', 'b', ...options])],
  ['bisect', (...options) => parseBisectCall(['a', 'b', ...options])],
  ['shell --snapshot', (...options) => parseShellCall(['--snapshot', 'a', ...options])],
  ['shell', (...options) => verifyOf(parseShellCall(['a', ...options]))],
  ['build', (...options) => verifyOf(parseBuildCall(['--builder', 'bitbake', '--build-dir', 'a', ...options]))],
]

const verifyOf = (call: object) => (call as { verify?: unknown }).verify

test.each(callers)('%s holds QEMU as it can, wholly or not at all', (_name, call) => {
  expect(call()).toMatchObject({ sandbox: 'available' })
  expect(call('--require-sandbox')).toMatchObject({ sandbox: 'required' })
  expect(call('--no-sandbox')).toMatchObject({ sandbox: 'off' })
  const both = '--require-sandbox and --no-sandbox cannot be combined: give only one.'
  expect(() => call('--no-sandbox', '--require-sandbox')).toThrow(new CallFault(both))
})

test('whichever command completes --accel, which is for guests, completes both', () => {
  const booting = completionScript(['bash'], [])
    .split('\n')
    .filter((line) => line.includes('--accel'))
  expect(booting.length).toBeGreaterThanOrEqual(4)
  for (const line of booting) expect(line).toMatch(/--require-sandbox --no-sandbox /)
})
