import { expect, test } from 'vitest'
import { commandWait } from './command-wait.ts'

/** Of `podman info` in a guest of aarch64 (an image of wrynose) that waited 12.2 of 23 s for a processor of its host. */
const starved = 'before 0\nreal 8.95\nuser 3.15\nsys 2.43\nafter 0\n'

test('what a busy host may have taken is no wait of the command’s for certain', () => {
  const { leastS, mostS } = commandWait(starved, 4.1)
  expect(mostS).toBeCloseTo(3.37)
  expect(leastS).toBeLessThan(0)
})

test('the same figures on an idle host are a wait', () => {
  expect(commandWait(starved, 0.1).leastS).toBeCloseTo(3.27)
})

test('a wait that is longer than all that the host can have taken is the command’s', () => {
  const { leastS } = commandWait('before 0\nreal 16.20\nuser 1.10\nsys 0.70\nafter 0\n', 6)
  expect(leastS).toBeCloseTo(8.4)
})

test('time that the guest knows to be stolen is taken off once, also where the host saw it', () => {
  const { leastS, mostS } = commandWait('before 100\nreal 6.00\nuser 1.00\nsys 1.00\nafter 400\n', 3)
  expect([leastS, mostS]).toEqual([1, 1])
})
