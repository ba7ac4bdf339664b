import { expect } from 'vitest'
import { readReport, reportScript } from '../../harness/guest/runner/console-report.ts'
import { nonces } from '../../harness/guest/runner/nonces.ts'
import { mountsAt } from '../../harness/run/contract-report.ts'
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
const word = nonce.word('domain')
const code = nonce.code('domain')
/** An address of the bridge's network that no init takes by itself. */
const address = `10.0.100.${20 + nonce.below('address', 200)}`
const bridgeAddress = '10.0.100.1'

const sections = {
  mounts: 'cat /proc/1/mounts',
  disk: 'cat /sys/block/xvda/ro',
  link: 'ip -4 addr',
  bridge: `ping -c 1 -W 5 ${bridgeAddress} > /dev/null && echo reached`,
}

const container = sharedBoot('XEN-001', async (environment) => {
  const cmd = reportScript(sections, `. /etc/os-release; echo "${word} in a $ID"; exit ${code}`)
  const network = { network: true, ip: address, gw: bridgeAddress, prefixlen: 24 } as const
  const request = { cmd, input: 'dir', ...network } as const
  const host = await forkHost(environment, [await rootFileSystem(environment)])
  const domain = await createDomain(host, environment, request)
  const answer = await domain.answer(domainTimeoutMs)
  const report = readReport(domain.console.lines)
  return { domain, answer, section: (name: keyof typeof sections) => report.get(name) ?? '' }
})

requirement('XEN-001', domainTestTimeoutMs, async ({ recordMs }) => {
  const { answer, domain } = await container()
  expect(answer.output ?? domain.console.end(), 'output of the command in the domain').toBe(`${word} in a workload`)
  if (domain.firstOutputMs !== undefined) recordMs('xen_domain_first_output_ms', domain.firstOutputMs)
})

requirement('XEN-002', domainTestTimeoutMs, async () => {
  expect((await container()).answer.exitCode, `exit code after "exit ${code}"`).toBe(code)
})

requirement('XEN-003', domainTestTimeoutMs, async () => {
  const { section } = await container()
  expect(section('disk'), 'read-only state of xvda').toBe('1')
  expect(mountsAt(section('mounts'), '/').at(-1)?.type, 'file system at / of process 1').toBe('overlay')
})

requirement('XEN-004', domainTestTimeoutMs, async () => {
  const { section } = await container()
  expect(section('link'), 'addresses in the domain').toContain(`inet ${address}/24`)
  expect(section('bridge'), `answer of the bridge at ${bridgeAddress}`).toBe('reached')
})

requirement('XEN-005', domainTestTimeoutMs, async () => {
  const { domain } = await container()
  await domain.gone()
  // 0 is a power-off, 1 a reboot, 3 a crash (xen/include/public/sched.h, SHUTDOWN_*).
  expect(await domain.log(), 'how the domain ended, by the log of xl').toMatch(/has shut down, reason code [01] /)
})
