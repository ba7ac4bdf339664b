import { expect, test } from 'vitest'
import { architectures } from '../model/architecture.ts'
import { confinedQemu, confinementText } from './confined-qemu.ts'
import { closedNetwork, share } from './devices.ts'
import { quickShape } from './machine-shape.ts'
import { hasSandbox } from './qemu-version.ts'

const shape = quickShape(architectures.x86_64, 'tcg')
const withSandbox = await hasSandbox(architectures.x86_64)
const commandOf = async (devices: Parameters<typeof confinedQemu>[0]['devices']) =>
  (await confinedQemu({ shape, devices })).join(' ')

test.runIf(withSandbox)('a machine without a forward starts no process and gains no right', async () => {
  const command = await commandOf([share('tag', '/folder', 'read-write'), closedNetwork([])])
  expect(command).toMatch(/ -sandbox on,.*elevateprivileges=deny,spawn=deny/)
})

test.runIf(withSandbox)('one with a forward may start its helper, and has the other rules', async () => {
  const forward = { guestAddress: '10.0.2.100', guestPort: 443, hostPort: 1 }
  expect(await commandOf([closedNetwork([forward])])).toMatch(
    / -sandbox on,obsolete=deny,.*spawn=allow,resourcecontrol=deny/,
  )
})

test('its memory is bounded by what its guest has and some of its own', async () => {
  const [, bytes] = / --data=(\d+) /.exec(await commandOf([])) ?? []
  expect(Number(bytes)).toBe((shape.memoryMiB + 3072) * 1024 ** 2)
})

test('root’s rights to mount, to make devices and to trace are given up', async () => {
  const [tool, rights] = await confinedQemu({ shape, devices: [] })
  if (process.getuid?.() === 0)
    expect([tool, rights]).toEqual(['setpriv', '--bounding-set=-all,+chown,+dac_override,+fowner,+fsetid'])
  else expect(tool).toBe('prlimit')
})

test('a report says in words what is in force, and shouts what is not', async () => {
  expect(await confinementText(architectures.x86_64)).toMatch(
    withSandbox ? /^a filter of system calls; / : /^NO filter/,
  )
})
