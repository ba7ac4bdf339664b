import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { connectSocket } from '../machine/qemu-socket.ts'
import type { RunningGuest } from '../machine/start-guest.ts'
import { GuestAgent } from './guest-agent.ts'

const endings: (() => unknown)[] = []
const endAll = async () => {
  for (const end of endings.splice(0).reverse()) await end()
}
afterEach(endAll)

/** How an agent of the test answers: the text of a whole line, or nothing for silence. */
type Answers = (command: string, id: number) => string | undefined

/** A guest whose agent the test plays, and which never ends by itself. */
async function guestWith(answers: Answers): Promise<RunningGuest> {
  const folder = await mkdtemp(join(tmpdir(), 'guest-agent-'))
  endings.push(() => rm(folder, { recursive: true }))
  const server = createServer((socket) => {
    endings.push(() => socket.destroy())
    socket.on('error', () => {})
    socket.on('data', (data) => {
      for (const line of data.toString().trim().split('\n')) {
        const { execute, id, arguments: args } = JSON.parse(line)
        const honest = execute === 'guest-sync' ? JSON.stringify({ id, return: args.id }) : undefined
        const answer = honest ?? answers(execute, id)
        if (answer !== undefined) socket.write(`${answer}\n`)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(join(folder, 'socket'), resolve))
  endings.push(() => server.close())
  const never = new Promise<never>(() => {})
  const agentSocket: Socket = await connectSocket(join(folder, 'socket'))
  endings.push(() => agentSocket.destroy())
  return { agentSocket, console: { fatal: never, end: () => 'last line' }, ended: never } as unknown as RunningGuest
}

const agentWith = async (answers: Answers): Promise<GuestAgent> => GuestAgent.reach(await guestWith(answers), 10_000)

/** An agent that lies to one command and is honest to the others. */
function lying(to: string, value: unknown): Answers {
  const honest: Record<string, unknown> = {
    'guest-exec': { pid: 7 },
    'guest-exec-status': { exited: true, exitcode: 0, 'out-data': 'b3V0' },
    'guest-file-open': 1,
    'guest-file-read': { count: 3, 'buf-b64': 'b3V0', eof: true },
    'guest-file-write': { count: 3, eof: false },
    'guest-file-close': {},
  }
  return (command, id) => JSON.stringify({ id, return: command === to ? value : honest[command] })
}

test('an agent that tells the truth is believed', async () => {
  const agent = await agentWith(lying('nothing', 0))
  expect(await agent.exec('/x', [])).toMatchObject({ exitCode: 0, stdout: Buffer.from('out'), timedOut: false })
  expect(String(await agent.readFile('/x'))).toBe('out')
  await agent.writeFile('/x', 'out')
})

const lies: readonly [string, unknown, string][] = [
  ['guest-exec', null, 'null'],
  ['guest-exec', { pid: '7' }, "{ pid: '7' }"],
  ['guest-exec', [], '[]'],
  ['guest-exec-status', { exited: true, 'out-data': { length: 3_000_000_000 } }, '{ length: 3000000000 }'],
  ['guest-exec-status', { exited: true, 'out-data': 3_000_000_000 }, '3000000000'],
  ['guest-exec-status', { exited: true, 'out-data': ['a'] }, "[ 'a' ]"],
  ['guest-exec-status', { exited: 'yes' }, "{ exited: 'yes' }"],
  ['guest-exec-status', 'x'.repeat(1_000_000), '... 999900 more characters'],
]
test.each(lies)('a lie to %s is the image’s fault, with what was said', async (command, value, told) => {
  const agent = await agentWith(lying(command, value))
  await expect(agent.exec('/x', [])).rejects.toMatchObject({
    name: 'GuestFault',
    message: expect.stringContaining(`The guest agent answered ${command} with `),
    evidence: 'last line',
  })
  await expect(agent.exec('/x', [])).rejects.toThrow(told)
})

test.each<[string, unknown]>([
  ['guest-file-open', null],
  ['guest-file-read', { 'buf-b64': { length: 3_000_000_000 }, eof: true }],
  ['guest-file-read', { 'buf-b64': 'eA==', eof: false }],
  ['guest-file-read', {}],
])('a lie to %s ends the reading of a file', async (command, value) => {
  const agent = await agentWith(lying(command, value))
  await expect(agent.readFile('/x')).rejects.toMatchObject({ name: 'GuestFault' })
})

test('a refusal is the image’s fault, with the agent’s words cut to some length', async () => {
  const agent = await agentWith((_, id) => JSON.stringify({ id, error: { class: 'x', desc: 'no'.repeat(1000) } }))
  const error = await agent.exec('/x', []).catch((fault) => fault)
  expect(error).toMatchObject({
    name: 'GuestFault',
    message: expect.stringMatching(/^The guest agent refused guest-exec: nono/),
  })
  expect(error.message.length).toBeLessThan(400)
})

test('an agent that is not listened to any longer, as for a flood of its, is the image’s fault', async () => {
  const guest = await guestWith(() => undefined)
  const agent = await GuestAgent.reach(guest, 10_000)
  guest.agentSocket.destroy()
  await expect(agent.exec('/x', [])).rejects.toMatchObject({
    name: 'GuestFault',
    message: 'The guest agent no longer responds. The connection was closed.',
  })
})

test('whatever an agent answers, a call ends with a result, or with a fault of the image', async () => {
  const hostile = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.record({ pid: fc.jsonValue() }),
    fc.record(
      {
        // A command that does not end is awaited, as an honest agent's is.
        exited: fc.oneof(fc.constant(true), fc.jsonValue()).filter((value) => value !== false),
        exitcode: fc.oneof(fc.integer(), fc.jsonValue()),
        'out-data': fc.oneof(fc.string(), fc.record({ length: fc.nat() }), fc.jsonValue()),
        'err-data': fc.oneof(fc.string(), fc.jsonValue()),
        'out-truncated': fc.jsonValue(),
        __proto__: fc.jsonValue(),
      },
      { requiredKeys: ['exited'] },
    ),
  )
  const commands = fc.constantFrom('guest-exec', 'guest-exec-status', 'guest-file-open', 'guest-file-read')
  await fc.assert(
    fc.asyncProperty(commands, hostile, async (command, value) => {
      const agent = await agentWith(lying(command, value))
      for (const call of [() => agent.exec('/x', []), () => agent.readFile('/x')]) {
        const outcome = await call().catch((error) => error)
        if (outcome instanceof Error) expect(outcome.name).toBe('GuestFault')
      }
      await endAll()
    }),
    { numRuns: 50 },
  )
})
