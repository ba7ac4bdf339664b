import { expect } from 'vitest'
import type { ForkedGuest } from '../../harness/guest/prepare/forked-guest.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { longTimeoutMs } from './bounds.ts'

const image = 'docker.io/library/alpine:latest'

/** A server that does not answer costs 5 s for each of two tries (resolv.conf(5), timeout and attempts). */
const oneWaitMs = 9000

async function pullMs({ mustPodman }: ForkedGuest): Promise<number> {
  const startedMs = performance.now()
  await mustPodman(['pull', '-q', image])
  const durationMs = performance.now() - startedMs
  await mustPodman(['rmi', image])
  return durationMs
}

/** The registries' names stand in /etc/hosts; then nothing else has to be asked. */
const askFilesAlone = `[ ! -e /etc/nsswitch.conf ] || sed -i 's/^hosts:.*/hosts: files/' /etc/nsswitch.conf
: > /etc/resolv.conf`

requirement('PUL-015', longTimeoutMs, async ({ guest, recordMs }) => {
  const ownMs = await pullMs(guest)
  await guest.agent.mustShell(askFilesAlone)
  const baselineMs = await pullMs(guest)
  recordMs('pull_names_of_image_ms', ownMs)
  recordMs('pull_names_of_files_ms', baselineMs)
  const seconds = (durationMs: number) => `${(durationMs / 1000).toFixed(1)} s`
  expect(
    ownMs,
    `a pull took ${seconds(ownMs)} by the image’s nsswitch.conf and resolv.conf, and ${seconds(baselineMs)} by /etc/hosts alone`,
  ).toBeLessThan(2 * baselineMs + oneWaitMs)
})
