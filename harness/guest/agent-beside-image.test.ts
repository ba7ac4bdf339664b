import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { GuestConsole } from '../machine/console/guest-console.ts'
import type { RunningGuest } from '../machine/start-guest.ts'
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
