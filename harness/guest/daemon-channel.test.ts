import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import { GuestConsole } from '../machine/console/guest-console.ts'
import type { RunningGuest } from '../machine/start-guest.ts'
import { architectures } from '../model/architecture.ts'
import { DaemonChannel, readDaemonAnswer } from './daemon-channel.ts'

/** A channel to a command loop that answers the first line with these pieces. */
async function channelTo(pieces: readonly string[]): Promise<DaemonChannel> {
  const folder = await mkdtemp(join(tmpdir(), 'daemon-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const server = createServer((socket) => socket.once('data', () => pieces.map((piece) => socket.write(piece))))
  await once(server.listen(join(folder, 'port')), 'listening')
  onTestFinished(() => void server.close())
  const shape = { architecture: architectures.x86_64 }
  const guest = { console: new GuestConsole(new PassThrough()), ended: new Promise(() => {}), shape }
  const channel = await DaemonChannel.connect(guest as unknown as RunningGuest, join(folder, 'port'))
  onTestFinished(() => channel.close())
  return channel
}

test.each([
  ['behind an echoed ^C', ['===INTERACTIVE_READY===\nw\r\n^C===INTERACTIVE_END=130===\n'], 'w\r\n^C', 130],
  ['on its own line, in pieces', ['===INTERACTIVE_READY===\n', 'w\r\n===INTERACTIVE', '_END=0===\r\n'], 'w\r\n', 0],
])('the end of an interactive command is read %s', async (_, pieces, shown, exitCode) => {
  const channel = await channelTo(pieces)
  expect(await channel.runInteractive('true', 5000)).toEqual({ shown, exitCode })
})

test('output and exit code are read from their markers', () => {
  const text = '===OUTPUT_START===\na\nb\n===OUTPUT_END===\n===EXIT_CODE=3===\n'
  expect(readDaemonAnswer(text)).toMatchObject({ output: 'a\nb', exitCode: 3 })
})

test('a command without output answers with an empty one', () => {
  expect(readDaemonAnswer('===OUTPUT_START===\n===OUTPUT_END===\n===EXIT_CODE=0===')).toMatchObject({
    output: '',
    exitCode: 0,
  })
})

test('an error is read with its sentence', () => {
  expect(readDaemonAnswer('===ERROR===\nThat is not base64.\n')).toMatchObject({ error: 'That is not base64.' })
})

test('an answer that breaks off is read as far as it goes', () => {
  expect(readDaemonAnswer('===OUTPUT_START===\nhalf')).toEqual({ text: '===OUTPUT_START===\nhalf' })
  expect(readDaemonAnswer('===OUTPUT_START===\na\n===OUTPUT_END===\n')).toMatchObject({ output: 'a' })
})

test('a million starts without an end are read at once', () => {
  const text = '===OUTPUT_START===\n'.repeat(1_000_000)
  const startedMs = performance.now()
  expect(readDaemonAnswer(text)).toEqual({ text })
  expect(performance.now() - startedMs).toBeLessThan(5000)
})
