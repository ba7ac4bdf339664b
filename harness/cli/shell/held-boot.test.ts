import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tinyPlan } from '../../../fixtures/tiny-guest/tiny-guest.ts'
import { GuestAgent, guestBusybox, toolFolder } from '../../guest/guest-agent.ts'
import { awaitGuest, type RunningGuest, startGuest } from '../../machine/start-guest.ts'
import { Lifetime } from '../../platform/process/lifetime.ts'
import { heldParameters, installResumeCommand } from './held-init.ts'

/** One boot, 10 s on an idle machine. */
const bootTimeoutMs = 180_000

const lifetime = new Lifetime()
afterAll(() => lifetime.end())

let guest: RunningGuest
let agent: GuestAgent
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'held-boot-'))
  lifetime.defer(() => rm(folder, { recursive: true }))
  const plan = await tinyPlan('x86_64', folder)
  const boot = plan.boot as NonNullable<typeof plan.boot>
  const parameters = [...boot.parameters, ...heldParameters]
  guest = await startGuest({ ...plan, boot: { ...boot, parameters } }, lifetime)
  agent = await GuestAgent.reach(guest, bootTimeoutMs)
}, bootTimeoutMs)

const initIsUp = (text: string) => text.includes('tiny init is up')

test(
  'the image is mounted and looked into before its init runs; "go-on" starts it',
  async () => {
    await awaitGuest(
      guest,
      'the hold',
      bootTimeoutMs,
      guest.console.lineWhere((text) => text.includes('is held')),
    )
    const { stdout } = await agent.exec(guestBusybox, ['ls', '/init'])
    expect(stdout.toString()).toBe('/init\n')
    expect(guest.console.lines.some(({ text }) => initIsUp(text))).toBe(false)
    await installResumeCommand(agent)
    await agent.exec(`${toolFolder}/go-on`, [])
    await awaitGuest(guest, 'init', bootTimeoutMs, guest.console.lineWhere(initIsUp))
  },
  bootTimeoutMs,
)
