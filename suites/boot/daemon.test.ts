import { afterAll, expect, inject } from 'vitest'
import { awaitMachineEnd } from '../../harness/boot/one-shot.ts'
import { bootDaemon, bootTimeoutMs } from '../../harness/exercise/contract-boot.ts'
import { requirement } from '../../harness/exercise/requirement-test.ts'
import { Lifetime } from '../../harness/process/lifetime.ts'

/** A command of the loop takes under a second under emulation; ending the machine takes 2 s. */
const answerTimeoutMs = 60_000

const lifetime = new Lifetime()
afterAll(() => lifetime.end())

/** One guest answers for all requirements of this file; each asks for the ping that shows it ready. */
let boot: Promise<Awaited<ReturnType<typeof bootDaemon>>> | undefined
const booted = () => {
  boot ??= bootDaemon(inject('coordinates'), lifetime).then(async (session) => {
    await session.daemon.ping(bootTimeoutMs)
    return session
  })
  return boot
}

requirement('BOOT-005', bootTimeoutMs, async ({ recordMs }) => {
  const { daemon } = await booted()
  const startedMs = performance.now()
  await daemon.ping(answerTimeoutMs)
  recordMs('daemon_ping_ms', performance.now() - startedMs)
})

requirement('BOOT-006', bootTimeoutMs, async () => {
  const { daemon } = await booted()
  const answer = await daemon.run("printf 'a\\nb\\n'; exit 41", answerTimeoutMs)
  expect(answer, 'the answer to "printf …; exit 41"').toEqual({ output: 'a\nb', exitCode: 41 })
})

requirement('BOOT-007', bootTimeoutMs, async () => {
  const { guest, daemon } = await booted()
  await daemon.shutDown(answerTimeoutMs)
  const { reason } = await awaitMachineEnd(guest, answerTimeoutMs)
  expect(reason, 'how the machine ended').toMatch(/^guest-(?:shutdown|reset)$/)
})
