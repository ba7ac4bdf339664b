import { expect } from 'vitest'
import { guestBusybox } from '../../harness/guest/guest-agent.ts'
import { registryAddress } from '../../harness/guest/prepare/podman-template.ts'
import { forkOf } from '../../harness/run/podman-guest.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedGuest, sharedInFile } from '../../harness/run/shared-in-file.ts'
import { longTimeoutMs } from './bounds.ts'

const guest = sharedGuest('pulled')

/** Connects to the one address outside the guest that its network leads to, and says whether it could. */
const connect = `timeout 20 nc ${registryAddress} 443 < /dev/null && echo connected || echo unreachable`

requirement('NTW-001', longTimeoutMs, async () => {
  const answer = await (await guest()).mustPodman(['run', '--rm', 'alpine', 'sh', '-c', connect])
  expect(answer, 'a connection from a container to outside the guest').toBe('connected')
})

requirement('NTW-002', longTimeoutMs, async () => {
  const { mustPodman, agent } = await guest()
  // By their addresses: any container has an eth0 and a lo.
  const list = 'cd /sys/class/net && for name in *; do echo "$name $(cat "$name/address")"; done'
  const inGuest = await agent.mustShell(list)
  expect(await mustPodman(['run', '--rm', '--network=host', 'alpine', 'sh', '-c', list])).toBe(inGuest.trim())
})

requirement('NTW-009', longTimeoutMs, async () => {
  const { mustPodman } = await guest()
  await mustPodman(['network', 'create', '--internal', 'inside'])
  const answer = await mustPodman(['run', '--rm', '--network=inside', 'alpine', 'sh', '-c', connect])
  expect(answer, 'a connection from an internal network to outside the guest').toBe('unreachable')
})

/** One server whose port is published twice, on all addresses and on one of the loopback, and a network to join. */
const published = sharedInFile(async (lifetime) => {
  const forked = await forkOf('pulled', lifetime)
  const ports = ['-p', '18080:8080', '-p', '127.0.0.7:18081:8080']
  await forked.mustPodman(['run', '-q', '-d', '--name', 'server', ...ports, 'docker.io/vpdmn/server'])
  await forked.agent.mustShell(`until podman logs server 2>&1 | grep -q serving; do sleep 0.2; done`)
  return forked
})

const visit = async (address: string) =>
  (await published()).agent.shell(`${guestBusybox} timeout 20 ${guestBusybox} wget -q -O - http://${address}/`)
const page = 'served by a workload\n'

requirement('NTW-010', longTimeoutMs, async () => {
  for (const address of ['127.0.0.1:18080', '10.0.2.15:18080']) {
    const { stdout, stderr } = await visit(address)
    expect(stdout.toString(), `http://${address}/ in the guest: ${stderr}`).toBe(page)
  }
})

requirement('NTW-011', longTimeoutMs, async () => {
  const inside = await visit('127.0.0.7:18081')
  expect(inside.stdout.toString(), `http://127.0.0.7:18081/ in the guest: ${inside.stderr}`).toBe(page)
  const outside = await visit('10.0.2.15:18081')
  expect(outside.exitCode, 'exit code of wget by an address that is not published').not.toBe(0)
})

requirement('NTW-012', longTimeoutMs, async () => {
  const ports = (await (await published()).mustPodman(['port', 'server'])).split('\n').sort()
  expect(ports, 'podman port').toEqual(['8080/tcp -> 0.0.0.0:18080', '8080/tcp -> 127.0.0.7:18081'])
})

requirement('NTW-013', longTimeoutMs, async () => {
  const command = ['wget', '-q', '-O', '-', 'http://127.0.0.1:8080/']
  const answer = await (await published()).mustPodman([
    'run',
    '--rm',
    '--network=container:server',
    'alpine',
    ...command,
  ])
  expect(answer).toBe(page.trim())
})

requirement('NTW-014', longTimeoutMs, async () => {
  const { mustPodman } = await published()
  const interfaces = async () => (await mustPodman(['exec', 'server', 'ls', '/sys/class/net'])).split(/\s+/).sort()
  await mustPodman(['network', 'create', 'joined'])
  await mustPodman(['network', 'connect', 'joined', 'server'])
  expect(await interfaces(), 'interfaces after podman network connect').toEqual(['eth0', 'eth1', 'lo'])
  await mustPodman(['network', 'disconnect', 'joined', 'server'])
  expect(await interfaces(), 'interfaces after podman network disconnect').toEqual(['eth0', 'lo'])
})

requirement('NTW-016', longTimeoutMs, async () => {
  const { mustPodman, agent } = await published()
  await mustPodman(['rm', '-f', '-t', '0', 'server'])
  const look = `ls /sys/class/net | grep -E '^(veth|podman)'
    for f in /proc/[0-9]*/comm; do read -r name < $f && [ "$name" = aardvark-dns ] && echo "process $name"; done
    ls /run/netns 2> /dev/null
    { nft list ruleset 2> /dev/null || iptables-save; } | grep -E '18080|18081'; :`
  expect(await agent.mustShell(look), 'interfaces, processes, name spaces and rules left').toBe('')
})
