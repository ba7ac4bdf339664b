import { expect, test } from 'vitest'
import { architectures } from '../model/architecture.ts'
import { requireTool } from '../platform/process/run-tool.ts'
import { confinedQemu, confinementText } from './confined-qemu.ts'
import { closedNetwork, share } from './devices.ts'
import { quickShape } from './machine-shape.ts'
import { hasSandbox } from './qemu-version.ts'

const shape = quickShape(architectures.x86_64, 'tcg')
const forward = { guestAddress: '10.0.2.100', guestPort: 443, hostPort: 1 }
const withSandbox = await hasSandbox(architectures.x86_64)
const commandOf = async (devices: Parameters<typeof confinedQemu>[0]['devices']) =>
  (await confinedQemu({ shape, devices })).join(' ')

test.runIf(withSandbox)('a machine without a forward starts no process and gains no right', async () => {
  const command = await commandOf([share('tag', '/folder', 'read-write'), closedNetwork([])])
  expect(command).toMatch(/ -sandbox on,.*elevateprivileges=deny,spawn=deny/)
})

test.runIf(withSandbox)('one with a forward may start its helper, and has the other rules', async () => {
  expect(await commandOf([closedNetwork([forward])])).toMatch(
    / -sandbox on,obsolete=deny,.*spawn=allow,resourcecontrol=deny/,
  )
})

test('the helper of a forward writes no file, opens few, and takes little memory', async () => {
  const [, helper = ''] = /-cmd:(.+) TCP:127/.exec(closedNetwork([forward]).join(' ')) ?? []
  const [tool = '', ...args] = helper.replace('socat -', 'cat /proc/self/limits').split(' ')
  const { stdout } = await requireTool(tool, args, { timeoutMs: 10_000 })
  const limits = stdout.toString('utf8')
  for (const limit of [
    /file size +0 /,
    /core file size +0 /,
    /data size +67108864 /,
    /open files +16 /,
    /processes +0 /,
  ])
    expect(limits).toMatch(limit)
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
