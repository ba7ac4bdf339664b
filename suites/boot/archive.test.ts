import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { guestFolders, outputArchive } from '../../harness/contract/engines.ts'
import { exitCodeMarker, inputPlaceholder, markers } from '../../harness/contract/markers.ts'
import { readLeftFile } from '../../harness/guest/exchange/left-file.ts'
import { makeShare } from '../../harness/guest/exchange/share-folder.ts'
import { reportScript } from '../../harness/guest/runner/console-report.ts'
import { bootTestTimeoutMs } from '../../harness/guest/runner/contract-boot.ts'
import { diskState, makeDisk } from '../../harness/guest/runner/contract-disks.ts'
import { nonces } from '../../harness/guest/runner/nonces.ts'
import { requireTool } from '../../harness/platform/process/run-tool.ts'
import { bootReporting, mountsAt } from '../../harness/run/contract-report.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedBoot } from '../../harness/run/shared-boot.ts'
import { testedEngine, testedParameter } from '../../harness/run/tested-engine.ts'

const nonce = nonces()
const code = nonce.code('archive')
const [ofHost, ofGuest] = [nonce.word('of the host'), nonce.word('of the guest')]
/** Of 10.0.2.64/28, the gateway's own address and the two that are no machine's left out; servers of documentation's networks. */
const network = {
  ip: `10.0.2.${66 + nonce.below('address', 13)}`,
  prefixlen: 28,
  gw: '10.0.2.65',
  dns: [`192.0.2.${1 + nonce.below('first server', 254)}`, `198.51.100.${1 + nonce.below('second server', 254)}`],
}

/** A packed archive as input, the state on the third disk, a network of its own numbers, a share, an archive as answer. */
const packed = sharedBoot('INP-004', async ({ coordinates, folder, lifetime }) => {
  const files = await makeShare(folder, 'files', { 'in-the-archive': 'from the input\n' })
  const input = await makeShare(folder, 'input', { 'read.me': 'no archive\n' })
  await requireTool('tar', ['-czf', join(input, 'image.tar.gz'), '-C', files, '.'], { timeoutMs: 60_000 })
  const share = await makeShare(folder, 'share', { 'from-host': `hello ${ofHost}\n` })
  const stateDisk = await makeDisk(join(folder, 'state'), 64)
  const cmd = reportScript(
    {
      input: `echo ${inputPlaceholder}`,
      mounts: 'cat /proc/mounts',
      addresses: 'ip -o -4 addr | cat',
      routes: 'ip route | cat',
      servers: 'cat /etc/resolv.conf',
      share: `cat ${guestFolders.share}/from-host`,
    },
    `echo "hello ${ofGuest}" >${guestFolders.share}/from-guest; cp ${inputPlaceholder} ${outputArchive}; (exit ${code})`,
  )
  const boot = {
    request: { cmd, input: 'tar', output: 'tar', state: 'disk', network: true, ninep: true, ...network },
    inputDisk: await makeDisk(join(folder, 'input-disk'), 16, input),
    stateDisk,
    shares: { share },
    network: [],
  } as const
  return { ...(await bootReporting(coordinates, boot, lifetime)), stateDisk, input, share }
})

requirement('INP-004', bootTestTimeoutMs, async () => {
  const { section } = await packed()
  expect(
    section('input'),
    `${inputPlaceholder} with ${testedParameter('input')}=tar and image.tar.gz on the disk`,
  ).toBe(`${guestFolders.input}/image.tar.gz`)
})

requirement('BOOT-022', bootTestTimeoutMs, async () => {
  const { answer, input } = await packed()
  expect(answer.tar, `what stands between ${markers.tarStart} and ${markers.tarEnd}`).toBeDefined()
  const sent = await readFile(join(input, 'image.tar.gz'))
  expect(answer.tar?.equals(sent), `the answer equals the file that the command copied to ${outputArchive}`).toBe(true)
})

requirement('BOOT-023', bootTestTimeoutMs, async () => {
  const { answer } = await packed()
  expect(answer.exitCode, `the N of ${exitCodeMarker('N')} after "(exit ${code})"`).toBe(code)
})

requirement('STA-003', bootTestTimeoutMs, async () => {
  const { section } = await packed()
  const [mount] = mountsAt(section('mounts'), testedEngine().store).slice(-1)
  expect(mount?.device, 'device of the storage, with an input disk').toBe('/dev/vdc')
})

requirement('STA-005', bootTestTimeoutMs, async () => {
  const { section, stateDisk } = await packed()
  section('mounts')
  const state = await diskState(stateDisk)
  expect(state.get('Filesystem features'), 'features of the file system').not.toMatch(/\bneeds_recovery\b/)
  expect(state.get('Filesystem state'), 'state of the file system').toBe('clean')
  expect(state.get('Last mount time'), 'last mount').not.toBe('n/a')
})

requirement('LAN-005', bootTestTimeoutMs, async () => {
  const { section } = await packed()
  expect(section('addresses'), 'addresses').toMatch(
    new RegExp(` eth0 +inet ${network.ip.replaceAll('.', '\\.')}/${network.prefixlen} `),
  )
})

requirement('LAN-006', bootTestTimeoutMs, async () => {
  const { section } = await packed()
  expect(section('routes'), 'routes').toMatch(/^default via 10\.0\.2\.65 dev eth0\b/m)
})

requirement('LAN-007', bootTestTimeoutMs, async () => {
  const { section } = await packed()
  expect(nameServers(section('servers')), 'name servers in /etc/resolv.conf').toEqual(network.dns)
})

requirement('SHR-001', bootTestTimeoutMs, async () => {
  const { section } = await packed()
  expect(mountsAt(section('mounts'), guestFolders.share).at(-1)?.type, `file system at ${guestFolders.share}`).toBe(
    '9p',
  )
  expect(section('share'), 'content of a file of the share').toBe(`hello ${ofHost}`)
})

requirement('SHR-002', bootTestTimeoutMs, async () => {
  const { section, share } = await packed()
  section('share')
  const written = await readLeftFile({ share, name: 'from-guest' }, 1024)
  expect(written?.toString('utf8'), 'on the host, the file that the guest wrote').toBe(`hello ${ofGuest}\n`)
})

const nameServers = (text: string): string[] =>
  [...text.matchAll(/^nameserver\s+(\S+)/gm)].map(([, address]) => address ?? '')
