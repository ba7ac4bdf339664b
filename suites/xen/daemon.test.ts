import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { containerMarkers, exitedMarker, markers } from '../../harness/contract/markers.ts'
import { nonces } from '../../harness/guest/runner/nonces.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedBoot } from '../../harness/run/shared-boot.ts'
import { createDomain, domainTestTimeoutMs, domainTimeoutMs, rootFileSystem } from '../../harness/run/xen-domain.ts'

const nonce = nonces()
const word = nonce.word('daemon')
const code = nonce.code('daemon')
const answerTimeoutMs = 120_000
/** The container looks for its file each second; a look at its state takes some seconds under emulation. */
const looks = 20

const is = (marker: string) => (text: string) => text === marker
const isState = (text: string) => text === containerMarkers.running || /^===EXITED=\d+===$/.test(text)

/** Its container waits for a file that a command of the runner's makes. */
const daemon = sharedBoot('XEN-012', async (environment) => {
  const cmd = `until [ -e /tmp/${word} ]; do sleep 1; done; exit ${code}`
  const request = { cmd, input: 'dir', daemon: true } as const
  const domain = await createDomain(environment, await rootFileSystem(environment), request)
  await domain.line(`${markers.pong} of the daemon`, is(markers.pong), domainTimeoutMs)
  return domain
})

requirement('XEN-012', domainTestTimeoutMs, async () => {
  const domain = await daemon()
  expect(await domain.ask(markers.ping, is(markers.pong), answerTimeoutMs)).toBe(markers.pong)
})

requirement('XEN-013', domainTestTimeoutMs, async () => {
  const domain = await daemon()
  const state = () => domain.ask(containerMarkers.status, isState, answerTimeoutMs)
  expect(await state(), 'state of a container that waits').toBe(containerMarkers.running)
  await domain.ask(Buffer.from(`touch /tmp/${word}`).toString('base64'), is(markers.end), answerTimeoutMs)
  let after = await state()
  for (let look = 1; after === containerMarkers.running && look < looks; look++) {
    await pause(1000)
    after = await state()
  }
  expect(after, `state after the container’s "exit ${code}"`).toBe(exitedMarker(code))
})

requirement('XEN-014', domainTestTimeoutMs, async () => {
  const domain = await daemon()
  expect(await domain.ask(markers.shutdown, is(markers.shuttingDown), answerTimeoutMs)).toBe(markers.shuttingDown)
  await domain.gone()
})
