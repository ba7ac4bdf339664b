import { basename, dirname, join } from 'node:path'
import { expect, inject } from 'vitest'
import { credentialsOnShare, vcontainerWords } from '../../harness/contract/engines.ts'
import { exitCodeMarker } from '../../harness/contract/markers.ts'
import { guestNetwork } from '../../harness/contract/runner.ts'
import { makeShare } from '../../harness/guest/exchange/share-folder.ts'
import { commandLineOf, outsideOfReport, printing, reportScript } from '../../harness/guest/runner/console-report.ts'
import { bootOneShot, bootTestTimeoutMs } from '../../harness/guest/runner/contract-boot.ts'
import { makeDisk } from '../../harness/guest/runner/contract-disks.ts'
import { nonces } from '../../harness/guest/runner/nonces.ts'
import { initWaits, waitTraceCommand, waitTraceParameters } from '../../harness/machine/boot-waits.ts'
import { bootReporting, expectRefusal, mountsAt } from '../../harness/run/contract-report.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedBoot } from '../../harness/run/shared-boot.ts'
import { testedEngine, testedParameter } from '../../harness/run/tested-engine.ts'

/** The kernel's own lines begin with an uptime (Documentation/admin-guide/kernel-parameters.txt, printk.time). */
const stampOfKernel = /^\[ *\d+\.\d+\]/
/** What the boot kit's own initramfs stamps; it says nothing about the image. */
const stampOfKit = new RegExp(`^${vcontainerWords.timing}: (?:initramfs|rootfs|modules|agent|switch) `)

const nonce = nonces()
const words = ['one', 'two', 'three', 'four'].map((label) => nonce.word(label)) as [string, string, string, string]
const code = nonce.code('one-shot')
const written = nonce.word('written')

/** The plainest boot there is: a command, and nothing else on the kernel's command line or in the machine. */
const plain = sharedBoot('BOOT-001', ({ coordinates, lifetime }) => {
  const sections = {
    uptime: 'cat /proc/uptime',
    first: commandLineOf(1),
    mounts: 'cat /proc/mounts',
    written: `echo ${written} >/written-by-probe; cat /written-by-probe`,
    overlay: 'df -k / | tail -n 1',
    trace: waitTraceCommand,
  }
  const cmd = reportScript(
    sections,
    `${printing(`${words[0]}  ${words[1]}\n\t${words[2]}\n`)}; echo ${words[3]} >&2; (exit ${code})`,
  )
  return bootReporting(coordinates, { request: { cmd }, parameters: waitTraceParameters }, lifetime)
})

/** All devices are there, and none is asked for. */
const unasked = sharedBoot('LAN-001', async ({ coordinates, folder, lifetime }) => {
  const cmd = reportScript({
    mounts: 'cat /proc/mounts',
    links: 'ip -o link | cat',
    addresses: 'ip -o -4 addr | cat',
    credentials: `ls -aR ${dirname(testedEngine().credentials.folder)}`,
    variable: `echo "[$${testedEngine().credentials.variable ?? ''}]"`,
    certificates: 'cat /etc/ssl/certs/*.crt /usr/local/share/ca-certificates/* 2>/dev/null | grep -c unasked-for',
  })
  const boot = {
    request: { cmd },
    inputDisk: await makeDisk(join(folder, 'disk'), 16),
    shares: {
      share: await makeShare(folder, 'share', { file: 'x\n' }),
      auth: await makeShare(folder, 'auth', { [credentialsOnShare]: '{"auths":{}}\n' }),
      ca: await makeShare(folder, 'ca', { 'ca.crt': 'unasked-for\n' }),
    },
    network: [],
  }
  return bootReporting(coordinates, boot, lifetime)
})

requirement('BOOT-001', bootTestTimeoutMs, async () => {
  const { answer } = await plain()
  expect(answer.end.reason, 'how the machine ended').toMatch(/^guest-(?:reset|shutdown)$/)
})

requirement('BOOT-002', bootTestTimeoutMs, async () => {
  const { answer } = await plain()
  expect(answer.output, 'what stands between the output markers').toBe(
    `${words[0]}  ${words[1]}\n\t${words[2]}\n${words[3]}`,
  )
})

requirement('BOOT-003', bootTestTimeoutMs, async () => {
  const { answer } = await plain()
  expect(answer.exitCode, `the N of ${exitCodeMarker('N')} after "(exit ${code})"`).toBe(code)
})

requirement('BOOT-008', bootTestTimeoutMs, async ({ recordMs }) => {
  const { section } = await plain()
  const time = initWaits(section('trace'), Number.parseFloat(section('uptime')) * 1000)
  if (time) {
    recordMs('boot_init_wait_ms', time.waitMs)
    recordMs('boot_init_work_ms', time.workMs)
  }
  expect(section('first').split('\0'), 'command line of process 1').toContain('/init')
})

requirement('BOOT-009', bootTestTimeoutMs, async () => {
  const { section } = await plain()
  expect(mountsAt(section('mounts'), '/').at(-1)?.type, 'file system at /').toBe('overlay')
  expect(section('written'), `a file below / after "echo ${written}" into it`).toBe(written)
})

requirement('BOOT-010', bootTestTimeoutMs, async () => {
  const { section } = await plain()
  const sizeKiB = Number(section('overlay').trim().split(/\s+/)[1])
  expect(sizeKiB, 'size of / in KiB, as df tells it').toBeGreaterThanOrEqual(1024 * 1024)
})

requirement('BOOT-018', bootTestTimeoutMs, async () => {
  const { guest } = await plain()
  const endMs = guest.console.lines.at(-1)?.atMs ?? 0
  const stamps = outsideOfReport(guest.console.lines).flatMap(({ text }) => {
    const seconds = /(?:^|\s)(\d+\.\d+)\s*$/.exec(text)?.[1]
    return seconds === undefined || stampOfKernel.test(text) ? [] : [{ text, seconds: Number(seconds) }]
  })
  const plausible = stamps.filter(({ seconds }) => seconds > 0 && seconds * 1000 < endMs)
  expect(plausible.length, 'lines on the console that end with an uptime').toBeGreaterThanOrEqual(3)
  const { origin } = inject('coordinates').boot
  const ofInit = plausible.filter(({ text }) => origin !== 'kit' || !stampOfKit.test(text))
  expect(ofInit.length, 'lines on the console, by init itself, that end with an uptime').toBeGreaterThanOrEqual(1)
  const uptimes = plausible.map(({ seconds }) => seconds)
  expect(uptimes, 'the uptimes, in order').toEqual(uptimes.toSorted((one, other) => one - other))
})

requirement('STA-001', bootTestTimeoutMs, async () => {
  const { section } = await plain()
  const mounts = section('mounts')
  const { store } = testedEngine()
  const type = [store, dirname(store)].map((place) => mountsAt(mounts, place).at(-1)?.type).find(Boolean)
  expect(type, `file system at ${store}`).toBe('tmpfs')
})

requirement('INP-005', bootTestTimeoutMs, async () => {
  const { section } = await unasked()
  const onDisks = section('mounts').match(/^\/dev\/vd[b-z].*$/gm)
  expect(onDisks, 'mounts of disks that were not asked for').toBeNull()
})

requirement('LAN-001', bootTestTimeoutMs, async () => {
  const { section } = await unasked()
  const [device] = guestNetwork.devices
  expect(section('links'), `${device} without ${testedParameter('network')}=1`).not.toMatch(/ eth0: <[^>]*\bUP\b/)
  expect(section('addresses'), `addresses without ${testedParameter('network')}=1`).not.toMatch(/ eth0 +inet /)
})

requirement('SHR-003', bootTestTimeoutMs, async () => {
  const { section } = await unasked()
  const shares = section('mounts').match(/^\S+ \S+ 9p .*$/gm)
  expect(shares, '9p mounts that were not asked for').toBeNull()
})

requirement('AUT-007', bootTestTimeoutMs, async () => {
  const { section } = await unasked()
  const { file, variable } = testedEngine().credentials
  expect(section('credentials'), `files around ${file}`).not.toContain(basename(file))
  if (variable !== undefined) expect(section('variable'), variable).toBe('[]')
})

requirement('CRT-002', bootTestTimeoutMs, async () => {
  const { section } = await unasked()
  expect(section('certificates'), 'times that the certificate stands in the trust store').toBe('0')
})

requirement('BOOT-004', bootTestTimeoutMs, async ({ lifetime }) => {
  expectRefusal(await bootOneShot(inject('coordinates'), {}, lifetime), `a boot without ${testedParameter('cmd')}`)
})

requirement('BOOT-020', bootTestTimeoutMs, async ({ lifetime }) => {
  const request = { cmd: 'true', output: 'picture' as never }
  expectRefusal(await bootOneShot(inject('coordinates'), { request }, lifetime), `${testedParameter('output')}=picture`)
})

requirement('BOOT-024', bootTestTimeoutMs, async ({ lifetime }) => {
  const boot = { parameters: [`${testedParameter('cmd')}=%%%`] }
  expectRefusal(await bootOneShot(inject('coordinates'), boot, lifetime), boot.parameters[0] as string)
})

requirement('BOOT-025', bootTestTimeoutMs, async ({ lifetime }) => {
  const [word, ending] = [nonce.word('before'), nonce.code('exit')]
  const cmd = `echo ${word}; exit ${ending}`
  const { answer } = await bootOneShot(inject('coordinates'), { request: { cmd } }, lifetime)
  expect(answer.output, `output of "${cmd}"`).toBe(word)
  expect(answer.exitCode, `the N of ${exitCodeMarker('N')} after "exit ${ending}"`).toBe(ending)
})
