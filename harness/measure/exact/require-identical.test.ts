import { expect, test } from 'vitest'
import { EnvironmentFault } from '../../model/faults.ts'
import { requireIdentical } from './require-identical.ts'

const boot = { times: [{ phase: 'kernel', workNs: 5, waitNs: 0 }], lines: ['one', '[    1.000001] two', 'three'] }

test('two boots that are the same pass', () => {
  expect(() => requireIdentical('image', boot, structuredClone(boot))).not.toThrow()
})

test.each([
  ['line 2 of the console', { ...boot, lines: ['one', '[    1.000002] two', 'other'] }],
  ['line 3 of the console was "three", then nothing', { ...boot, lines: boot.lines.slice(0, 2) }],
  ['went on with "four"', { ...boot, lines: [...boot.lines, 'four'] }],
  ['the phase kernel', { ...boot, times: [{ phase: 'kernel', workNs: 6, waitNs: 0 }] }],
])('what differs first is named, as a fault of the environment: %s', (named, other) => {
  expect(() => requireIdentical('image', boot, other)).toThrow(EnvironmentFault)
  expect(() => requireIdentical('image', boot, other)).toThrow(named)
})
