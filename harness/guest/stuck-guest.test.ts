import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tinyPlan } from '../../fixtures/tiny-guest/tiny-guest.ts'
import { closedNetwork } from '../machine/devices.ts'
import { awaitGuest, type RunningGuest, startGuest } from '../machine/start-guest.ts'
import { Lifetime } from '../platform/process/lifetime.ts'
import { GuestAgent, guestBusybox } from './guest-agent.ts'
import { withLookInside } from './look-inside.ts'

/** One boot, 10 s on an idle machine. */
const bootTimeoutMs = 180_000

const lifetime = new Lifetime()
afterAll(() => lifetime.end())

const reachable: Server = createServer((socket) => socket.end('served\n'))
const forbidden: Server = createServer((socket) => socket.end('leaked\n'))
const portOf = (server: Server): number => (server.address() as { port: number }).port

/** An init that hangs in the middle of its work, as one does that waits for a device that never comes. */
const stuckInit = `#!${guestBusybox} sh
${guestBusybox} mount -t tmpfs stuck-here /run
echo "init is stuck"
exec ${guestBusybox} sleep 86400
`

let guest: RunningGuest
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'stuck-'))
  lifetime.defer(() => rm(folder, { recursive: true }))
  for (const server of [reachable, forbidden]) {
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
    lifetime.defer(() => server.close())
  }
  const plan = await tinyPlan('x86_64', folder, stuckInit)
  const forward = { guestAddress: '10.0.2.100', guestPort: 443, hostPort: portOf(reachable) }
  const disks = plan.devices.filter((device) => !device.includes('-netdev'))
  guest = await startGuest({ ...plan, devices: [...disks, closedNetwork([forward])] }, lifetime)
}, bootTimeoutMs)

test(
  'an init that hangs is shown by what runs, what is mounted, and what the kernel said',
  async () => {
    await awaitGuest(
      guest,
      'the hang',
      bootTimeoutMs,
      guest.console.lineWhere((text) => text.includes('init is stuck')),
    )
    const never = awaitGuest(guest, 'an answer', 5_000, new Promise(() => {}))
    await expect(withLookInside(guest, never)).rejects.toMatchObject({
      name: 'GuestFault',
      message: expect.stringMatching(/^Timed out after \d+\.\d s waiting for an answer/),
      evidence: expect.stringMatching(/sleep 86400[\s\S]*stuck-here \/run tmpfs[\s\S]*kernel log/),
    })
  },
  bootTimeoutMs,
)

test(
  'the guest reaches its one forward and nothing else of the host',
  async () => {
    const agent = await GuestAgent.reach(guest, bootTimeoutMs)
    const box = (...args: string[]) => agent.exec(guestBusybox, args)
    await box('ip', 'addr', 'add', '10.0.2.15/24', 'dev', 'eth0')
    await box('ip', 'link', 'set', 'eth0', 'up')
    await box('ip', 'route', 'add', 'default', 'via', '10.0.2.2')
    const read = async (address: string, port: number) =>
      (await box('timeout', '5', guestBusybox, 'nc', address, String(port))).stdout.toString('utf8')
    expect(await read('10.0.2.100', 443)).toBe('served\n')
    const hostAddresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
    const outside = hostAddresses.filter(({ family, internal }) => family === 'IPv4' && !internal)
    for (const address of ['10.0.2.2', '10.0.2.100', ...outside.map((entry) => entry.address)])
      expect(await read(address, portOf(forbidden)), `${address}:${portOf(forbidden)}`).toBe('')
    for (const { address } of outside)
      expect((await box('ping', '-c', '1', '-W', '3', address)).exitCode, `ping ${address}`).not.toBe(0)
  },
  bootTimeoutMs,
)
