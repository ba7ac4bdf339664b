import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { awaitMachineEnd } from '../../harness/boot/one-shot.ts'
import { bootDaemon, bootTestTimeoutMs } from '../../harness/exercise/contract-boot.ts'
import { diskFileDigest, makeDisk, recoverDisk, writeOciLayout } from '../../harness/exercise/contract-disks.ts'
import { requirement } from '../../harness/exercise/requirement-test.ts'
import { addToShare, makeShare } from '../../harness/exercise/share-folder.ts'
import { sharedBoot } from '../../harness/exercise/shared-boot.ts'
import { readDaemonAnswer } from '../../harness/guest/daemon-channel.ts'

/** A command of the loop takes under a second under emulation; ending the machine takes 2 s. */
const answerTimeoutMs = 60_000
/** A pull and a run take 20 s together, several times that beside other boots. */
const podmanTimeoutMs = 240_000

const image = 'docker.io/library/alpine:latest'
const store = '/var/lib/containers/storage'

/** One session with all that a session may have answers for all requirements of this file. */
const session = sharedBoot(async ({ coordinates, folder, lifetime }) => {
  const layout = await makeShare(folder, 'layout', {})
  await writeOciLayout('alpine', coordinates.boot.arch, image, layout)
  const stateDisk = await makeDisk(join(folder, 'state'), 128)
  const share = await makeShare(folder, 'share', {})
  const boot = {
    request: { input: 'oci', state: 'disk', ninep: true },
    inputDisk: await makeDisk(join(folder, 'input-disk'), 32, layout),
    stateDisk,
    shares: { vpdmn_share: share },
  } as const
  const { guest, daemon } = await bootDaemon(coordinates, boot, lifetime)
  return { guest, daemon, share, stateDisk }
})

/** The end of the session, right after a file was written to the state disk. */
const ended = sharedBoot(async () => {
  const { guest, daemon, stateDisk } = await session()
  const write = `head -c 4000000 /dev/urandom >${store}/written-last; sha256sum <${store}/written-last`
  const { text } = await daemon.run(write, answerTimeoutMs)
  await daemon.shutDown(answerTimeoutMs)
  const end = await awaitMachineEnd(guest, answerTimeoutMs)
  return { end, stateDisk, written: /^[\da-f]{64}/m.exec(text)?.[0] }
})

requirement('BOOT-005', bootTestTimeoutMs, async ({ recordMs }) => {
  const { daemon } = await session()
  const startedMs = performance.now()
  await daemon.ping(answerTimeoutMs)
  recordMs('daemon_ping_ms', performance.now() - startedMs)
})

requirement('BOOT-006', bootTestTimeoutMs, async () => {
  const { daemon } = await session()
  const answer = await daemon.run("printf 'a\\nb\\n'; exit 41", answerTimeoutMs)
  expect(answer.output, 'what stands between the output markers').toBe('a\nb')
  expect(answer.exitCode, 'the N of ===EXIT_CODE=N=== after "exit 41"').toBe(41)
})

requirement('DMN-001', bootTestTimeoutMs, async () => {
  const { daemon } = await session()
  daemon.send('%% this is no base64 %%')
  const answer = readDaemonAnswer(await daemon.expect('===END===', answerTimeoutMs))
  expect(answer.error, 'the sentence after ===ERROR===').toMatch(/\S/)
  await daemon.ping(answerTimeoutMs)
})

requirement('DMN-002', bootTestTimeoutMs, async () => {
  const { daemon } = await session()
  const pull = await daemon.run(`podman pull -q oci:/mnt/input:${image}`, podmanTimeoutMs)
  expect(pull.exitCode, `exit code of the pull, which said: ${pull.text}`).toBe(0)
  const run = await daemon.run(`podman run --pull=never --rm --network=none ${image} sh -c 'exit 43'`, podmanTimeoutMs)
  expect(run.exitCode, `exit code of "exit 43" in a container, which said: ${run.text}`).toBe(43)
})

requirement('DMN-003', bootTestTimeoutMs, async () => {
  const { daemon } = await session()
  const { text } = await daemon.run('echo one; echo two >&2; echo three; printf four', answerTimeoutMs)
  expect(text.split(/\r?\n/), 'the answer').toEqual(expect.arrayContaining(['one', 'two', 'three', 'four']))
  expect(text, 'the answer').toMatch(/one\s+two\s+three\s+four/)
})

requirement('DMN-004', bootTestTimeoutMs, async () => {
  const { daemon } = await session()
  const { before } = await interactive('tty && test -t 1 && echo terminal on both ends')
  expect(before, 'what "tty && test -t 1 && echo …" printed').toMatch(/^\/dev\/pts\/\d+\r*\n+terminal on both ends/m)
  await daemon.ping(answerTimeoutMs)
})

requirement('DMN-005', bootTestTimeoutMs, async () => {
  const { before } = await interactive('echo ready to read; read -r line; echo "<$line>"', async (daemon) => {
    await daemon.expect('ready to read', answerTimeoutMs)
    daemon.send('typed words')
  })
  expect(before, 'what the command printed of what was typed').toMatch(/^<typed words>\r*$/m)
})

requirement('DMN-006', bootTestTimeoutMs, async () => {
  const { line } = await interactive('exit 44')
  expect(line, 'the end of an interactive "exit 44"').toBe('===INTERACTIVE_END=44===')
  await (await session()).daemon.ping(answerTimeoutMs)
})

requirement('DMN-007', bootTestTimeoutMs, async () => {
  const { daemon, share } = await session()
  await addToShare(share, 'file', 'from the host\n')
  const answer = await daemon.run('===USE_INPUT===echo {INPUT}; cat {INPUT}/file', answerTimeoutMs)
  expect(answer.text, 'the answer to "echo {INPUT}; cat {INPUT}/file" with ===USE_INPUT===').toMatch(
    /^\/mnt\/share\r?\nfrom the host\r?$/m,
  )
})

requirement('DMN-008', bootTestTimeoutMs, async () => {
  const { daemon, share } = await session()
  await rm(join(share, 'file'), { force: true })
  const { error } = await daemon.run('===USE_INPUT===ls {INPUT}', answerTimeoutMs)
  expect(error, 'the sentence after ===ERROR===, for an empty share').toMatch(/\S/)
})

requirement('BOOT-007', bootTestTimeoutMs, async () => {
  const { end } = await ended()
  expect(end.reason, 'how the machine ended').toMatch(/^guest-(?:shutdown|reset)$/)
})

requirement('DMN-013', bootTestTimeoutMs, async () => {
  const { stateDisk, written } = await ended()
  await recoverDisk(stateDisk)
  expect(await diskFileDigest(stateDisk, '/written-last'), 'SHA-256 of the file written last').toBe(written)
})

/** Runs a command on a pseudo-terminal to its end, with what is to be done while it runs. */
async function interactive(
  command: string,
  meanwhile: (daemon: Awaited<ReturnType<typeof session>>['daemon']) => Promise<void> = async () => {},
): Promise<{ before: string; line: string }> {
  const { daemon } = await session()
  daemon.send(Buffer.from(`===INTERACTIVE===${command}`).toString('base64'))
  await daemon.expect('===INTERACTIVE_READY===', answerTimeoutMs)
  await meanwhile(daemon)
  return daemon.expectLine(/===INTERACTIVE_END=\d+===/, answerTimeoutMs)
}
