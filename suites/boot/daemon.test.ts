import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { guestFolders } from '../../harness/contract/engines.ts'
import { exitCodeMarker, inputPlaceholder, interactiveEndMarker, markers } from '../../harness/contract/markers.ts'
import { runnerBounds } from '../../harness/contract/runner.ts'
import { type DaemonChannel, readDaemonAnswer } from '../../harness/guest/daemon-channel.ts'
import { addToShare, makeShare } from '../../harness/guest/exchange/share-folder.ts'
import { bootDaemon, bootTestTimeoutMs } from '../../harness/guest/runner/contract-boot.ts'
import { diskFileDigest, makeDisk, recoverDisk, writeOciLayout } from '../../harness/guest/runner/contract-disks.ts'
import { nonces } from '../../harness/guest/runner/nonces.ts'
import { awaitMachineEnd } from '../../harness/machine/one-shot.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedBoot } from '../../harness/run/shared-boot.ts'
import { testedEngine, testedImport } from '../../harness/run/tested-engine.ts'

/** A command of the loop takes under a second under emulation. */
const answerTimeoutMs = 60_000
/** Longer than a runner waits, to tell a slow end from none. */
const endTimeoutMs = 4 * runnerBounds.daemonEndMs
/** A pull and a run take 20 s together, several times that beside other boots. */
const podmanTimeoutMs = 240_000

const image = 'docker.io/library/alpine:latest'
const nonce = nonces()

/** One session with all that a session may have answers for all requirements of this file. */
const session = sharedBoot('BOOT-005', async ({ coordinates, folder, lifetime }) => {
  const layout = await makeShare(folder, 'layout', {})
  await writeOciLayout('alpine', coordinates.boot.arch, image, layout)
  const stateDisk = await makeDisk(join(folder, 'state'), 128)
  const share = await makeShare(folder, 'share', {})
  const boot = {
    request: { input: 'oci', state: 'disk', ninep: true },
    inputDisk: await makeDisk(join(folder, 'input-disk'), 32, layout),
    stateDisk,
    shares: { share },
  } as const
  const { guest, daemon } = await bootDaemon(coordinates, boot, lifetime)
  return { guest, daemon, share, stateDisk }
})

/** The end of the session, right after a file was written to the state disk. */
const ended = sharedBoot('BOOT-007', async () => {
  const { guest, daemon, stateDisk } = await session()
  const file = `${testedEngine().store}/written-last`
  const write = `head -c 4000000 /dev/urandom >${file}; sha256sum <${file}`
  const { text } = await daemon.run(write, answerTimeoutMs)
  await daemon.shutDown(answerTimeoutMs)
  const sentMs = performance.now()
  const end = await awaitMachineEnd(guest, endTimeoutMs)
  const written = /^[\da-f]{64}/m.exec(text)?.[0]
  return { end, stateDisk, written, endMs: performance.now() - sentMs, accelerator: guest.shape.accelerator }
})

requirement('BOOT-005', bootTestTimeoutMs, async ({ recordMs }) => {
  const { daemon } = await session()
  const startedMs = performance.now()
  await daemon.ping(answerTimeoutMs)
  recordMs('daemon_ping_ms', performance.now() - startedMs)
})

requirement('BOOT-006', bootTestTimeoutMs, async () => {
  const { daemon } = await session()
  const [one, other, code] = [nonce.word('one'), nonce.word('other'), nonce.code('session')]
  const answer = await daemon.run(`echo ${one}; echo ${other}; (exit ${code})`, answerTimeoutMs)
  expect(answer.output, 'what stands between the output markers').toBe(`${one}\n${other}`)
  expect(answer.exitCode, `the N of ${exitCodeMarker('N')} after "(exit ${code})"`).toBe(code)
})

requirement('DMN-001', bootTestTimeoutMs, async () => {
  const { daemon } = await session()
  // One that busybox, which passes over what is no base64, cannot decode either: it is too short.
  daemon.send('abc')
  const answer = readDaemonAnswer(await daemon.expect(markers.end, answerTimeoutMs))
  expect(answer.error, `the sentence after ${markers.error}`).toMatch(/\S/)
  await daemon.ping(answerTimeoutMs)
})

requirement('DMN-002', bootTestTimeoutMs, async () => {
  const { daemon } = await session()
  const pull = await daemon.run(testedImport(guestFolders.input, image), podmanTimeoutMs)
  expect(pull.exitCode, `exit code of the pull, which said: ${pull.text}`).toBe(0)
  const code = nonce.code('container')
  const exit = `${testedEngine().runtime} run --pull=never --rm --network=none ${image} sh -c 'exit ${code}'`
  const run = await daemon.run(exit, podmanTimeoutMs)
  expect(run.exitCode, `exit code of "exit ${code}" in a container, which said: ${run.text}`).toBe(code)
})

requirement('DMN-003', bootTestTimeoutMs, async () => {
  const { daemon } = await session()
  const [one, two, three, four] = [1, 2, 3, 4].map((number) => nonce.word(`line ${number}`))
  const { text } = await daemon.run(`echo ${one}; echo ${two} >&2; echo ${three}; echo ${four}`, answerTimeoutMs)
  expect(text, 'the answer').toMatch(new RegExp(`${one}\\r?\\n${two}\\r?\\n${three}\\r?\\n${four}`))
})

requirement('DMN-004', bootTestTimeoutMs, async () => {
  const { daemon } = await session()
  const word = nonce.word('terminal')
  const { shown } = await interactive(`tty && test -t 1 && echo ${word} on both ends`)
  expect(shown, 'what "tty && test -t 1 && echo …" printed').toMatch(
    new RegExp(`^/dev/pts/\\d+\\r*\\n+${word} on both ends`, 'm'),
  )
  await daemon.ping(answerTimeoutMs)
})

requirement('DMN-005', bootTestTimeoutMs, async () => {
  const word = nonce.word('typed')
  const { shown } = await interactive('echo ready to read; read -r line; echo "<$line>"', async (daemon) => {
    await daemon.expect('ready to read', answerTimeoutMs)
    daemon.send(`typed ${word}`)
  })
  expect(shown, 'what the command printed of what was typed').toMatch(new RegExp(`^<typed ${word}>\\r*$`, 'm'))
})

requirement('DMN-006', bootTestTimeoutMs, async () => {
  const word = nonce.word('over')
  const { shown } = await interactive(`echo ${word}`)
  expect(shown, `what "echo ${word}" printed`).toMatch(new RegExp(`^${word}\\r*$`, 'm'))
  await (await session()).daemon.ping(answerTimeoutMs)
})

requirement('DMN-016', bootTestTimeoutMs, async () => {
  const code = nonce.code('interactive')
  const { exitCode } = await interactive(`sh -c "exit ${code}"`)
  expect(exitCode, `the N of ${interactiveEndMarker('N')} after "exit ${code}"`).toBe(code)
})

requirement('DMN-022', bootTestTimeoutMs, async () => {
  const { daemon } = await session()
  const waiting = nonce.word('waiting')
  const { shown } = await interactive(`echo ${waiting}; sleep 1000; echo never`, async () => {
    await daemon.expect(waiting, answerTimeoutMs)
    daemon.type('\u0003')
  })
  expect(shown, 'what stands behind an interrupted command').not.toMatch(/^never/m)
  await daemon.ping(answerTimeoutMs)
})

requirement('DMN-023', bootTestTimeoutMs, async () => {
  const { shown } = await interactive('stty size')
  expect(shown, 'rows and columns of the terminal').toMatch(/^[1-9]\d* [1-9]\d*\r*$/m)
})

requirement('DMN-015', bootTestTimeoutMs, async () => {
  const { daemon } = await session()
  daemon.send(Buffer.from('echo -n unfinished').toString('base64'))
  const answer = await daemon.expect(markers.end, answerTimeoutMs)
  expect(answer.split(/\r?\n/), 'the lines of the answer').toContain(markers.outputEnd)
})

requirement('DMN-007', bootTestTimeoutMs, async () => {
  const { daemon, share } = await session()
  await addToShare(share, 'file', 'from the host\n')
  const answer = await daemon.run(
    `${markers.useInput}echo ${inputPlaceholder}; cat ${inputPlaceholder}/file`,
    answerTimeoutMs,
  )
  expect(answer.text, `the answer to "echo ${inputPlaceholder}; cat ${inputPlaceholder}/file"`).toMatch(
    new RegExp(`^${guestFolders.share}\\r?\\nfrom the host\\r?$`, 'm'),
  )
})

requirement('DMN-008', bootTestTimeoutMs, async () => {
  const { daemon, share } = await session()
  await rm(join(share, 'file'), { force: true })
  const { error } = await daemon.run(`${markers.useInput}ls ${inputPlaceholder}`, answerTimeoutMs)
  expect(error, `the sentence after ${markers.error}, for an empty share`).toMatch(/\S/)
})

requirement('BOOT-007', bootTestTimeoutMs, async () => {
  const { end } = await ended()
  expect(end.reason, 'how the machine ended').toMatch(/^guest-(?:shutdown|reset)$/)
})

requirement('DMN-018', bootTestTimeoutMs, async ({ weighAs, recordMs }) => {
  const { endMs, accelerator } = await ended()
  // An emulated processor is several times slower than those of the field: more time than theirs proves little.
  if (accelerator === 'tcg') weighAs('warning')
  recordMs('daemon_end_ms', endMs)
  expect(endMs, `time from ${markers.shuttingDown} to the end of the machine, in ms`).toBeLessThanOrEqual(
    runnerBounds.daemonEndMs,
  )
})

requirement('DMN-013', bootTestTimeoutMs, async () => {
  const { stateDisk, written } = await ended()
  await recoverDisk(stateDisk)
  expect(await diskFileDigest(stateDisk, '/written-last'), 'SHA-256 of the file written last').toBe(written)
})

/** Runs a command on a pseudo-terminal to its end, with what is to be done while it runs. */
async function interactive(command: string, meanwhile?: (daemon: DaemonChannel) => Promise<void>) {
  const { daemon } = await session()
  return daemon.runInteractive(command, answerTimeoutMs, meanwhile && (() => meanwhile(daemon)))
}
