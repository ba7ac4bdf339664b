import { PassThrough } from 'node:stream'
import { setImmediate as nextTick } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { GuestConsole } from '../machine/console/guest-console.ts'
import type { RunningGuest } from '../machine/start-guest.ts'
import { GuestFault } from '../model/faults.ts'
import { unlessWithoutAgent } from './agent-beside-image.ts'

function guestThatPrints(text: string): RunningGuest {
  const stream = new PassThrough()
  stream.write(text)
  return { console: new GuestConsole(stream) } as unknown as RunningGuest
}

test('a guest that says why it has no agent is the environment’s fault, which names what is missing and nothing else', async () => {
  const guest = guestThatPrints('init\r\nharness agent: the kernel has no devtmpfs (CONFIG_DEVTMPFS)\r\n')
  await expect(unlessWithoutAgent(guest, new Promise(() => {}))).rejects.toMatchObject({
    name: 'EnvironmentFault',
    message: expect.stringMatching(
      /^The harness's agent .*: the kernel has no devtmpfs \(CONFIG_DEVTMPFS\)\. Without --blobs/,
    ),
  })
})

test('a guest that says nothing of the kind is awaited', async () => {
  expect(await unlessWithoutAgent(guestThatPrints('init\n'), Promise.resolve('pong'))).toBe('pong')
})

const ended = new GuestFault('Waited 13.6 s for ===PONG===: the machine ended (guest-reset).', '===ERROR===')

test('a guest that ends while its agent waits for a port is the environment’s fault, which names the option', async () => {
  const guest = guestThatPrints('harness agent waits: no serial port (CONFIG_VIRTIO_CONSOLE)\r\n===ERROR===\r\n')
  await nextTick()
  await expect(unlessWithoutAgent(guest, Promise.reject(ended))).rejects.toMatchObject({
    name: 'EnvironmentFault',
    message: expect.stringMatching(/: no serial port \(CONFIG_VIRTIO_CONSOLE\)\. Without --blobs/),
    cause: ended,
  })
})

test('one that ends when its agent has what it waited for has failed itself', async () => {
  const guest = guestThatPrints('harness agent waits: no port\r\nharness agent goes on\r\n===ERROR===\r\n')
  await nextTick()
  await expect(unlessWithoutAgent(guest, Promise.reject(ended))).rejects.toBe(ended)
})
