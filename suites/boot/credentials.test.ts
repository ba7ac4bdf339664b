import { basename, join } from 'node:path'
import { expect } from 'vitest'
import { listedName } from '../../harness/contract/dialects.ts'
import { credentialsOnShare } from '../../harness/contract/engines.ts'
import { inputPlaceholder } from '../../harness/contract/markers.ts'
import { guestNetwork } from '../../harness/contract/runner.ts'
import { makeShare } from '../../harness/guest/exchange/share-folder.ts'
import { openTlsProbe } from '../../harness/guest/exchange/tls-probe.ts'
import { reportScript } from '../../harness/guest/runner/console-report.ts'
import { bootTestTimeoutMs, podmanBootTimeoutMs } from '../../harness/guest/runner/contract-boot.ts'
import { makeDisk, writeOciLayout } from '../../harness/guest/runner/contract-disks.ts'
import { nonces } from '../../harness/guest/runner/nonces.ts'
import { bootReporting, mountsAt } from '../../harness/run/contract-report.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedBoot } from '../../harness/run/shared-boot.ts'
import { testedDialect, testedEngine, testedImport } from '../../harness/run/tested-engine.ts'

const image = 'docker.io/library/alpine:latest'
const serverAddress = '10.0.2.100'
const { runtime: engine, shareTags, credentials: kept } = testedEngine()
const { folder: credentialsFolder, file: credentialsFile, variable } = kept

/** Credentials, an authority, the default network and an OCI layout in one machine, which runs a container. */
const entrusted = sharedBoot('LAN-002', async ({ coordinates, folder, lifetime }) => {
  // Docker refuses the whole file for an entry that is not a name and a password (docker/cli, cli/config/configfile, decodeAuth).
  const secret = Buffer.from(`someone:${nonces().word('secret', 16)}`).toString('base64')
  const credentials = `{"auths": {"registry.test": {"auth": "${secret}"}}}`
  const server = await openTlsProbe(serverAddress, folder, lifetime)
  const layout = await makeShare(folder, 'layout', {})
  await writeOciLayout('alpine', coordinates.boot.arch, image, layout)
  const cmd = reportScript({
    mounts: 'cat /proc/mounts',
    addresses: 'ip -o -4 addr | cat',
    routes: 'ip route | cat',
    servers: 'cat /etc/resolv.conf',
    credentials: `cat ${credentialsFile}`,
    modes: `stat -c "%a %u %n" ${credentialsFolder} ${credentialsFile}`,
    variable: `echo "$${variable ?? ''}"`,
    // The bracket keeps the search from finding its own command line.
    lines: `cat /proc/[0-9]*/cmdline 2>/dev/null | tr -c "[:print:]" "#" | grep -c "[${secret[0]}]${secret.slice(1)}"`,
    knock: `${engine} pull -q ${serverAddress}/knock/knock`,
    pull: testedImport(inputPlaceholder, image),
    images: `${engine} images --format "{{.Repository}}:{{.Tag}}"`,
    container: `${engine} run --pull=never --rm --network=none ${image} sh -c "ls -R /run; env; cat /proc/mounts"`,
  })
  const boot = {
    request: { cmd, input: 'oci', network: true, auth: true, ca: true },
    inputDisk: await makeDisk(join(folder, 'input-disk'), 32, layout),
    shares: { auth: await makeShare(folder, 'auth', { [credentialsOnShare]: credentials }), ca: server.caFolder },
    network: [{ guestAddress: serverAddress, guestPort: 443, hostPort: server.port }],
    timeoutMs: podmanBootTimeoutMs,
  } as const
  return { ...(await bootReporting(coordinates, boot, lifetime)), secret, credentials, server }
})

requirement('LAN-002', bootTestTimeoutMs, async () => {
  const { section } = await entrusted()
  expect(section('addresses'), 'addresses').toMatch(
    new RegExp(
      ` (?:${guestNetwork.devices.join('|')}) +inet ${literally(`${guestNetwork.address}/${guestNetwork.prefixLength}`)} `,
    ),
  )
})

requirement('LAN-003', bootTestTimeoutMs, async () => {
  const { section } = await entrusted()
  expect(section('routes'), 'routes').toMatch(new RegExp(`^default via ${literally(guestNetwork.gateway)} dev `, 'm'))
})

requirement('LAN-004', bootTestTimeoutMs, async () => {
  const { section } = await entrusted()
  const first = /^nameserver\s+(\S+)/m.exec(section('servers'))?.[1]
  expect(first, 'first name server in /etc/resolv.conf').toBe(guestNetwork.nameServer)
})

requirement('AUT-001', bootTestTimeoutMs, async () => {
  const { section, credentials } = await entrusted()
  expect(section('credentials'), `content of ${credentialsFile}`).toBe(credentials)
})

requirement('AUT-002', bootTestTimeoutMs, async () => {
  const { section } = await entrusted()
  expect(section('modes').split('\n'), 'mode, owner and path').toEqual([
    `700 0 ${credentialsFolder}`,
    `600 0 ${credentialsFile}`,
  ])
})

requirement('AUT-003', bootTestTimeoutMs, async () => {
  const { section } = await entrusted()
  expect(section('variable'), variable).toBe(credentialsFile)
})

requirement('AUT-004', bootTestTimeoutMs, async () => {
  const { section } = await entrusted()
  const mounts = section('mounts').match(new RegExp(`^${shareTags.auth} .*$`, 'gm'))
  expect(mounts, 'mounts of the share while the command runs').toBeNull()
})

requirement('AUT-005', bootTestTimeoutMs, async () => {
  const { section, secret } = await entrusted()
  const seen = section('container')
  expect(mountsAt(seen, '/').length, `a container ran and listed its mounts: ${seen.slice(0, 500)}`).toBeGreaterThan(0)
  expect(seen, 'files, variables and mounts in a container').not.toMatch(
    new RegExp([basename(credentialsFile).replace('.', '\\.'), variable, shareTags.auth].filter(Boolean).join('|')),
  )
  expect(seen, 'the secret in a container').not.toContain(secret)
})

requirement('AUT-006', bootTestTimeoutMs, async () => {
  const { section, guest, secret } = await entrusted()
  expect(section('lines'), 'command lines of processes with the secret').toBe('0')
  const printed = guest.console.lines.filter(({ text }) => text.includes(secret))
  // Once, by the command of AUT-001 itself; and where the image copies it, in none of its own lines.
  expect(printed.length, 'console lines with the secret').toBeLessThanOrEqual(1)
})

requirement('CRT-001', bootTestTimeoutMs, async () => {
  const { section, server } = await entrusted()
  const said = section('knock')
  expect(server.requests(), `requests that came through TLS; ${engine} said: ${said}`).toBeGreaterThan(0)
})

requirement('INP-002', bootTestTimeoutMs, async () => {
  const { section } = await entrusted()
  expect(
    section('images').split('\n'),
    `images after ${testedImport(inputPlaceholder, image)}, which said: ${section('pull')}`,
  ).toEqual([listedName(testedDialect(), image)])
})

const literally = (text: string): string => text.replaceAll('.', '\\.')
