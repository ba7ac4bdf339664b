import { afterAll, expect, inject } from 'vitest'
import { bootPhases } from '../../harness/boot/boot-phases.ts'
import { bootOneShot, bootTimeoutMs } from '../../harness/exercise/contract-boot.ts'
import { requirement } from '../../harness/exercise/requirement-test.ts'
import { Lifetime } from '../../harness/process/lifetime.ts'

const lifetime = new Lifetime()
afterAll(() => lifetime.end())

/** One boot answers for several requirements; the first test to ask for it waits for it. */
let boot: ReturnType<typeof bootOneShot> | undefined
const booted = () => {
  const cmd = "printf 'one  two\\n\\tthree\\n'; echo four >&2; exit 37"
  boot ??= bootOneShot(inject('coordinates'), { cmd }, lifetime)
  return boot
}

requirement('BOOT-001', bootTimeoutMs, async ({ recordMs }) => {
  const { guest, answer } = await booted()
  for (const [name, durationMs] of Object.entries(bootPhases(guest.console.lines))) recordMs(name, durationMs)
  expect(answer.end.reason, 'how the machine ended').toMatch(/^guest-(?:reset|shutdown)$/)
})

requirement('BOOT-002', bootTimeoutMs, async () => {
  const { answer } = await booted()
  expect(answer.output, 'what stands between the output markers').toBe('one  two\n\tthree\nfour')
})

requirement('BOOT-003', bootTimeoutMs, async () => {
  const { answer } = await booted()
  expect(answer.exitCode, 'the N of ===EXIT_CODE=N=== after "exit 37"').toBe(37)
})

requirement('BOOT-004', bootTimeoutMs, async ({ lifetime }) => {
  const { answer } = await bootOneShot(inject('coordinates'), {}, lifetime)
  expect(answer.error, 'the sentence after ===ERROR===').toMatch(/\S/)
})
