import { expect, test } from 'vitest'
import { findingOf } from './suite-finding.ts'

test('a failed expectation keeps its words and has the requirement’s remedy', () => {
  expect(findingOf({ name: 'AssertionError', message: 'expected 1 to be 0' }, 'Add it.')).toEqual({
    message: 'expected 1 to be 0',
    remedy: 'Add it.',
  })
})

test('a fault of the environment has no remedy in the image', () => {
  expect(findingOf({ name: 'EnvironmentFault', message: 'QEMU died.' }, 'Add it.')).toEqual({ message: 'QEMU died.' })
})

test('a test that took too long is told without vitest’s advice to those who write tests', () => {
  const message =
    'Test timed out in 240000ms.\nIf this is a long-running test, pass a timeout value as the last argument'
  expect(findingOf({ message }, 'Add it.')).toEqual({
    message: 'It did not end within 4 min 0 s: what was run hangs, or this machine is too busy to tell.',
    remedy: 'Add it.',
  })
})

test.each([
  ['podman run ended with exit code 126: Error: crun: unknown version specified: OCI runtime error', /crun 1\.14\.3/],
  ['write /var/tmp/x: no space left on device', /more room/],
  ['failed to create 2048 locks in /libpod_lock: no such file or directory', /\/dev\/shm/],
  ['dial tcp: lookup registry-1.docker.io: i/o timeout', /nsswitch\.conf/],
  ['dial tcp: lookup quay.io on 10.0.2.3:53: server misbehaving', /resolv\.conf/],
])('a remedy belongs to what was seen: %s', (message, remedy) => {
  expect(findingOf({ name: 'GuestFault', message }, 'Read podman’s message.').remedy).toMatch(remedy)
})

test('what was found out in the guest has the remedy that was found out with it', () => {
  const error = { name: 'GuestFault', message: 'no space left on device', remedy: 'Enable CONFIG_NFT_MASQ.' }
  expect(findingOf(error, 'Add it.').remedy).toBe('Enable CONFIG_NFT_MASQ.')
})
