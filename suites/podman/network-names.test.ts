import { expect } from 'vitest'
import { forkOf } from '../../harness/run/podman-guest.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedInFile } from '../../harness/run/shared-in-file.ts'
import { longTimeoutMs } from './bounds.ts'

/** Two isolated networks; a server and a client on the first, a client on the second. */
const networks = sharedInFile(async (lifetime) => {
  const guest = await forkOf('pulled', lifetime)
  for (const [name, subnet] of [
    ['first', '10.91.0.0/24'],
    ['second', '10.92.0.0/24'],
  ] as const)
    await guest.mustPodman(['network', 'create', '--opt', 'isolate=true', '--subnet', subnet, name])
  const serverOptions = ['--name', 'server', '--network=first', '--ip=10.91.0.77', '--network-alias=db']
  await guest.mustPodman(['run', '-q', '-d', ...serverOptions, 'docker.io/vpdmn/server'])
  for (const name of ['first', 'second'])
    await guest.mustPodman(['run', '-d', '--name', `client-${name}`, `--network=${name}`, 'alpine', 'sleep', '100000'])
  return guest
})

/** Fetches the server's page in a client; judges nothing. A name server that does not answer costs 2 × 5 s. */
const fetchIn = async (client: string, address: string) =>
  (await networks()).podman([
    'exec',
    client,
    'timeout',
    '30',
    'wget',
    '-q',
    '-O',
    '-',
    '-T',
    '10',
    `http://${address}:8080/`,
  ])

const page = 'served by a workload\n'

requirement('NTW-003', longTimeoutMs, async () => {
  const [network] = JSON.parse(await (await networks()).mustPodman(['network', 'inspect', 'first']))
  expect(network.subnets, 'subnets of podman network inspect').toMatchObject([{ subnet: '10.91.0.0/24' }])
})

/** A network of CNI has a name server only where the image has the plugin for it; without, names cannot be asked for. */
async function requireNames(skip: (reason: string) => void): Promise<void> {
  const { mustPodman } = await networks()
  const backend = await mustPodman(['info', '--format', '{{.Host.NetworkBackend}}'])
  if (backend !== 'cni') return
  const [network] = JSON.parse(await mustPodman(['network', 'inspect', 'first']))
  if (!network.dns_enabled)
    skip('The backend is CNI and has no plugin dnsname, by which alone its networks know names.')
}

requirement('NTW-004', longTimeoutMs, async ({ skip }) => {
  await requireNames(skip)
  const { stdout, stderr } = await fetchIn('client-first', 'server')
  expect(stdout.toString(), `http://server:8080/ from a container of its network: ${stderr}`).toBe(page)
})

requirement('NTW-005', longTimeoutMs, async ({ skip }) => {
  await requireNames(skip)
  const { stdout, stderr } = await fetchIn('client-first', 'db')
  expect(stdout.toString(), `http://db:8080/ from a container of its network: ${stderr}`).toBe(page)
})

requirement('NTW-006', longTimeoutMs, async () => {
  const addresses = await (await networks()).mustPodman(['exec', 'server', 'ip', '-o', '-4', 'addr', 'show', 'eth0'])
  expect(addresses).toMatch(/\binet 10\.91\.0\.77\/24\b/)
})

requirement('NTW-007', longTimeoutMs, async () => {
  const { podman, mustPodman } = await networks()
  // The one it has, which another requirement wants to be the one asked for.
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}'
  const address = await mustPodman(['inspect', '--format', format, 'server'])
  const resolved = await podman(['exec', 'client-second', 'timeout', '60', 'nslookup', 'server'])
  expect(resolved.stdout.toString(), 'nslookup of a name of another network').not.toContain(address)
})

requirement('NTW-008', longTimeoutMs, async () => {
  expect((await fetchIn('client-first', '10.91.0.77')).stdout.toString(), 'within the network').toBe(page)
  const across = await fetchIn('client-second', '10.91.0.77')
  expect(across.stdout.toString(), 'from the other network').toBe('')
  expect(across.exitCode, 'exit code of wget from the other network').not.toBe(0)
})

requirement('NTW-015', longTimeoutMs, async () => {
  const refused = await (await networks()).podman(['network', 'rm', 'first'])
  expect(refused.exitCode, 'exit code of podman network rm of a network in use (podman-network-rm(1))').toBe(2)
})
