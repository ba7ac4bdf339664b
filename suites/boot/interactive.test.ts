import { expect } from 'vitest'
import { bootContract, bootTestTimeoutMs, readyTimeoutMs } from '../../harness/guest/runner/contract-boot.ts'
import { nonces } from '../../harness/guest/runner/nonces.ts'
import { awaitOneShot } from '../../harness/machine/one-shot.ts'
import { awaitGuest } from '../../harness/machine/start-guest.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedBoot } from '../../harness/run/shared-boot.ts'

const nonce = nonces()
const question = `what is your name, ${nonce.word('question')}`
const name = nonce.word('name')

/** A command that asks on the console and is answered there. */
const asked = sharedBoot('INT-001', async ({ coordinates, lifetime }) => {
  const cmd = `echo ${question}; read -r name; echo "hello <$name>"; test -t 0 && test -t 1 && echo on a terminal`
  const guest = await bootContract(coordinates, { request: { cmd, interactive: true } }, lifetime)
  const line = guest.console.lineWhere((text) => text.endsWith(question))
  await awaitGuest(guest, 'the question of the interactive command', readyTimeoutMs(coordinates), line)
  const before = guest.console.lines.slice(0, -1)
  guest.keyboard.write(`${name}\r`)
  const answer = await awaitOneShot(guest, readyTimeoutMs(coordinates))
  return { before, answer, after: guest.console.lines.map(({ text }) => text) }
})

requirement('INT-001', bootTestTimeoutMs, async () => {
  const { after } = await asked()
  expect(after, 'the console').toContain('on a terminal')
})

requirement('INT-002', bootTestTimeoutMs, async () => {
  const { after } = await asked()
  expect(after, 'the console').toContain(`hello <${name}>`)
})

requirement('INT-003', bootTestTimeoutMs, async () => {
  const { before } = await asked()
  const printed = before.map(({ text }) => withoutControls(text)).filter((text) => text.trim() !== '')
  expect(printed, 'what the image printed before the command').toEqual([])
})

/** Without escape sequences (ECMA-48, "CSI"), and without what the kernel says by itself. */
const withoutControls = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  text.replaceAll(/\u001b\[[\d;?]*[A-Za-z]|\r/g, '').replace(/^\[ *\d+\.\d+\] .*$/, '')
