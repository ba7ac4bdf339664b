import { expect, inject } from 'vitest'
import { guestBusybox, toolFolder } from '../../harness/guest/guest-agent.ts'
import { nameServerProgram } from '../../harness/guest/name-server-program.ts'
import type { ForkedGuest } from '../../harness/guest/prepare/forked-guest.ts'
import { registryAddress } from '../../harness/guest/prepare/registry-in-guest.ts'
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

/** The name server that runners' machines have. */
const nameServer = '10.0.2.3'
const programPath = `${toolFolder}/name-server`

/** Takes the registries' names out of /etc/hosts, and lets the name server that init wrote into resolv.conf tell them. */
async function askTheImagesWay({ agent }: ForkedGuest): Promise<void> {
  await agent.writeFile(programPath, nameServerProgram(inject('coordinates').boot.arch))
  await agent.mustShell(`${guestBusybox} chmod 0700 ${programPath}
${guestBusybox} ip address add ${nameServer}/32 dev lo
${guestBusybox} setsid ${programPath} > /dev/null 2>&1 < /dev/null &
${guestBusybox} grep -v '^${registryAddress} ' /etc/hosts > /run/hosts-without
${guestBusybox} cat /run/hosts-without > /etc/hosts`)
}

/** The registries' names stand in /etc/hosts; then nothing else has to be asked. */
const askFilesAlone = `[ ! -e /etc/nsswitch.conf ] || sed -i 's/^hosts:.*/hosts: files/' /etc/nsswitch.conf
: > /etc/resolv.conf`

requirement('PUL-015', longTimeoutMs, async ({ guest, recordMs }) => {
  // The first pull of a guest reads podman from the image; a wait for a name server is in each.
  const ownMs = Math.min(await pullMs(guest), await pullMs(guest))
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

// podman issue 1948: "lookup registry-1.docker.io: no such host" for podman alone, by the order in nsswitch.conf.
requirement('PUL-016', longTimeoutMs, async ({ guest }) => {
  await askTheImagesWay(guest)
  await guest.mustPodman(['pull', '-q', image])
})
