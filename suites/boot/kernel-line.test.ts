import { join } from 'node:path'
import { expect } from 'vitest'
import { guestFolders } from '../../harness/contract/engines.ts'
import { makeShare } from '../../harness/guest/exchange/share-folder.ts'
import { reportScript } from '../../harness/guest/runner/console-report.ts'
import { bootTestTimeoutMs, podmanBootTimeoutMs } from '../../harness/guest/runner/contract-boot.ts'
import { makeDisk, writeOciLayout } from '../../harness/guest/runner/contract-disks.ts'
import { nonces } from '../../harness/guest/runner/nonces.ts'
import { bootReporting } from '../../harness/run/contract-report.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedBoot } from '../../harness/run/shared-boot.ts'
import { testedEngine, testedImport, testedParameter } from '../../harness/run/tested-engine.ts'

const image = 'docker.io/library/alpine:latest'
const { runtime: engine } = testedEngine()

/** The kernel line of a runner to the letter, with a registry and its password, and words that nobody knows yet. */
const exact = sharedBoot('BOOT-027', async ({ coordinates, folder, lifetime }) => {
  const layout = await makeShare(folder, 'layout', {})
  await writeOciLayout('alpine', coordinates.boot.arch, image, layout)
  const registry = { name: 'registry.test:5000', user: 'someone', password: nonces().word('password', 24) }
  const cmd = reportScript({
    pull: testedImport(guestFolders.input, image),
    login: `${engine} login --get-login ${registry.name}`,
    line: `${engine} run --pull=never --rm --network=none ${image} cat /proc/cmdline`,
  })
  const boot = {
    request: { cmd, input: 'oci', network: true, registry },
    parameters: [`${testedParameter('cmd')}_of_tomorrow=1`, 'vcontainer.tomorrow=1', 'tomorrow'],
    exactLine: true,
    inputDisk: await makeDisk(join(folder, 'input-disk'), 32, layout),
    network: [],
    timeoutMs: podmanBootTimeoutMs,
  } as const
  return { ...(await bootReporting(coordinates, boot, lifetime)), registry }
})

requirement('BOOT-027', bootTestTimeoutMs, async () => {
  const { answer, section } = await exact()
  section('pull')
  expect(answer.exitCode, 'exit code of the command').toBe(0)
})

requirement('AUT-008', bootTestTimeoutMs, async () => {
  const { section, registry } = await exact()
  expect(section('login').split('\n').at(-1), `who podman is to ${registry.name}`).toBe(registry.user)
})

requirement('AUT-009', bootTestTimeoutMs, async () => {
  const { section, registry } = await exact()
  const line = section('line')
  expect(line, 'the kernel’s command line in a container').toMatch(/\S/)
  for (const text of [registry.password, Buffer.from(registry.password).toString('base64')])
    expect(line.includes(text), 'the password stands in /proc/cmdline, where every container can read it').toBe(false)
})
