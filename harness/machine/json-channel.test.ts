import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Type } from '@sinclair/typebox'
import { afterEach, expect, test } from 'vitest'
import { type ChannelBounds, ChannelClosed, CommandRefused, JsonChannel } from './json-channel.ts'
import { connectSocket } from './qemu-socket.ts'

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

/** A channel and the other end, which the test plays. */
async function channelTo(answer: (line: string, socket: Socket) => void, bounds?: ChannelBounds): Promise<JsonChannel> {
  const folder = await mkdtemp(join(tmpdir(), 'channel-'))
  endings.push(() => rm(folder, { recursive: true }))
  const server = createServer((socket) => {
    socket.on('data', (data) => {
      for (const line of data.toString().trim().split('\n')) answer(line, socket)
    })
    endings.push(() => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(join(folder, 'socket'), resolve))
  endings.push(() => server.close())
  return new JsonChannel(await connectSocket(join(folder, 'socket')), bounds)
}

test('answers find their commands in whatever order they come', async () => {
  const waiting: string[] = []
  const channel = await channelTo((line, socket) => {
    waiting.push(line)
    if (waiting.length < 2) return
    for (const { id, execute } of waiting.map((text) => JSON.parse(text)).reverse())
      socket.write(`${JSON.stringify({ return: execute, id })}\n`)
  })
  expect(await Promise.all([channel.execute('first'), channel.execute('second')])).toEqual(['first', 'second'])
})

test('an error is refused with the other end’s words', async () => {
  const channel = await channelTo((line, socket) => {
    socket.write(
      `${JSON.stringify({ error: { class: 'GenericError', desc: 'no such device' }, id: JSON.parse(line).id })}\n`,
    )
  })
  await expect(channel.execute('device_del')).rejects.toThrow(new CommandRefused('no such device'))
})

test('lines that are no answers are passed over, events reach their listeners', async () => {
  const channel = await channelTo((line, socket) => {
    const { id } = JSON.parse(line)
    socket.write(
      `{"event":"STOP"}\n{"event":"STOP","data":{"at":"no number"}}\n{"event":"STOP","data":{"at":1}}\ngarbage \u0000\n[1]\nnull\n{"id":99,"return":0}\n{"return":"ok","id":${id}}\n`,
    )
  })
  const stop = channel.event('STOP', Type.Object({ at: Type.Integer() }))
  expect(await channel.execute('stop')).toBe('ok')
  expect(await stop).toEqual({ at: 1 })
})

test('a connection that closes ends what is awaited on it', async () => {
  const channel = await channelTo((_, socket) => socket.destroy())
  await expect(channel.execute('quit')).rejects.toBeInstanceOf(ChannelClosed)
  await channel.closed
  await expect(channel.execute('quit')).rejects.toBeInstanceOf(ChannelClosed)
})

const narrow = { lineBytes: 1000, unaskedBytes: 2000 }

test('a connection that brings more than anybody asked for is closed, and says why', async () => {
  const channel = await channelTo((_, socket) => socket.write(`${' '.repeat(900)}\n`.repeat(3)), narrow)
  await expect(channel.execute('stop')).rejects.toThrow('It sent more than 2000 bytes that answer nothing.')
})

test('a line without end closes the connection', async () => {
  const channel = await channelTo((_, socket) => socket.write('['.repeat(1001)), narrow)
  await expect(channel.execute('stop')).rejects.toThrow('It sent a line of more than 1000 bytes.')
  await expect(channel.execute('stop')).rejects.toThrow('It sent a line of more than 1000 bytes.')
})

test('an answer that nests without end, or has a million parts, is passed over', async () => {
  const channel = await channelTo((line, socket) => {
    const { id } = JSON.parse(line)
    socket.write(`{"id":${id},"return":${'['.repeat(100_000)}${']'.repeat(100_000)}}\n`)
    socket.write(`{"id":${id},"return":[${'{},'.repeat(1_000_000)}{}]}\n`)
    socket.write(`{"id":${id},"return":"ok"}\n`)
  })
  expect(await channel.execute('stop')).toBe('ok')
})
