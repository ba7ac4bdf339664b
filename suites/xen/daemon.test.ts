import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { containerMarkers, exitedLine, exitedMarker, markers } from '../../harness/contract/markers.ts'
import { nonces } from '../../harness/guest/runner/nonces.ts'
import { domainBridge } from '../../harness/guest/xen/domain-config.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedBoot } from '../../harness/run/shared-boot.ts'
import {
  createDomain,
  domainTestTimeoutMs,
  domainTimeoutMs,
  forkHost,
  rootFileSystem,
} from '../../harness/run/xen-domain.ts'

const nonce = nonces()
const code = nonce.code('daemon')
/** The container waits until somebody has it, as the bridge does when the test gives it the address. */
const awaitedAddress = `10.0.100.${20 + nonce.below('awaited', 200)}`
const answerTimeoutMs = 120_000
/** The container looks for the address every two seconds; a look at its state takes some seconds under emulation. */
const looks = 30

const isState = (text: string) => text === containerMarkers.running || exitedLine.test(text)

const daemon = sharedBoot('XEN-012', async (environment) => {
  const host = await forkHost(environment, [await rootFileSystem(environment)])
  const cmd = `until ping -c 1 -W 1 ${awaitedAddress}; do sleep 1; done; exit ${code}`
  const domain = await createDomain(host, environment, { cmd, input: 'dir', network: true, daemon: true })
  const pong = await domain.line(`${markers.pong} of the daemon`, (text) => text === markers.pong, domainTimeoutMs)
  return { host, domain, pong }
})

requirement('XEN-012', domainTestTimeoutMs, async () => {
  expect((await daemon()).pong).toBe(markers.pong)
})

requirement('XEN-013', domainTestTimeoutMs, async () => {
  const { host, domain } = await daemon()
  const state = () => domain.ask(containerMarkers.status, isState, answerTimeoutMs)
  expect(await state(), 'state of a container that waits').toBe(containerMarkers.running)
  await host.agent.mustShell(`ip addr add ${awaitedAddress}/24 dev ${domainBridge}`)
  let after = await state()
  for (let look = 1; after === containerMarkers.running && look < looks; look++) {
    await pause(1000)
    after = await state()
  }
  expect(after, `state after the container’s "exit ${code}"`).toBe(exitedMarker(code))
})

requirement('XEN-014', domainTestTimeoutMs, async () => {
  const { domain } = await daemon()
  await domain.type(markers.shutdown)
  await domain.gone()
})
