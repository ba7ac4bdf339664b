import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { vcontainerWords } from '../../harness/contract/engines.ts'
import { initramfsError, markers } from '../../harness/contract/markers.ts'
import { makeShare } from '../../harness/guest/exchange/share-folder.ts'
import { deriveImage, moveInitAway, packFolder, removeProgram } from '../../harness/guest/prepare/derived-image.ts'
import { commandLineOf, outsideOfReport, reportScript } from '../../harness/guest/runner/console-report.ts'
import { bootOneShot, bootTestTimeoutMs } from '../../harness/guest/runner/contract-boot.ts'
import { nonces } from '../../harness/guest/runner/nonces.ts'
import type { RunningGuest } from '../../harness/machine/start-guest.ts'
import { GuestFault } from '../../harness/model/faults.ts'
import { bootReporting, expectRefusal } from '../../harness/run/contract-report.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedBoot } from '../../harness/run/shared-boot.ts'
import { testedEngine } from '../../harness/run/tested-engine.ts'

const lineCount = 20_000
/** Of five digits, as the last one is: the lines of every run are as long. */
const firstNumber = 10_000 + nonces().below('first number', 70_000)
const withoutEngine = nonces().word('without the engine')
const anyCommand = { request: { cmd: 'true' } }

/** Every image has this file, and no recipe makes it executable. */
const noProgram = '/etc/containers/policy.json'

/** An init is chosen that is there but cannot be executed; the command prints 117 KiB. */
const fallenBack = sharedBoot('BOOT-011', ({ coordinates, lifetime }) => {
  const cmd = reportScript({ first: commandLineOf(1) }, `seq ${firstNumber} ${firstNumber + lineCount - 1}`)
  return bootReporting(
    coordinates,
    { request: { cmd }, parameters: [`${vcontainerWords.init}=${noProgram}`] },
    lifetime,
  )
})

/** A copy of the image without its engine, and with its init at /sbin/init only. */
const crippled = sharedBoot('BOOT-021', async ({ coordinates, folder, lifetime }) => {
  const rootfs = await deriveImage(coordinates.imagePath, folder, [removeProgram(testedEngine().program), moveInitAway])
  return bootOneShot(coordinates, { rootfs, request: { cmd: `echo ${withoutEngine}` } }, lifetime)
})

/** The image is there, but under another name than the one that is asked for. */
const elsewhere = sharedBoot('BOOT-014', ({ coordinates, lifetime }) =>
  bootOneShot(coordinates, { ...anyCommand, parameters: [`${vcontainerWords.blk}=xvd`] }, lifetime),
)

const diskless = sharedBoot('BOOT-015', ({ coordinates, lifetime }) =>
  bootOneShot(coordinates, { ...anyCommand, rootfs: 'none' }, lifetime),
)

const unmountable = sharedBoot('BOOT-016', async ({ coordinates, folder, lifetime }) => {
  const rootfs = join(folder, 'zeros')
  await writeFile(rootfs, Buffer.alloc(1024 * 1024))
  return bootOneShot(coordinates, { ...anyCommand, rootfs }, lifetime)
})

const initless = sharedBoot('BOOT-017', async ({ coordinates, folder, lifetime }) => {
  const tree = await makeShare(folder, 'tree', { 'read.me': 'There is no init here.\n' })
  const rootfs = await packFolder(tree, join(folder, 'image'))
  return bootOneShot(coordinates, { ...anyCommand, rootfs }, lifetime)
})

requirement('BOOT-011', bootTestTimeoutMs, async () => {
  const { section } = await fallenBack()
  expect(section('first').split('\0'), `command line of process 1, with ${noProgram} as the chosen init`).toContain(
    '/init',
  )
})

requirement('BOOT-012', bootTestTimeoutMs, async () => {
  const { guest } = await fallenBack()
  const told = guest.console.lines.filter(
    ({ text }) => text.includes(noProgram) && !text.includes(`${vcontainerWords.init}=`),
  )
  expect(told.length, 'console lines that name the init which was passed over').toBeGreaterThan(0)
})

requirement('BOOT-019', bootTestTimeoutMs, async () => {
  const { guest, section } = await fallenBack()
  section('first')
  const texts = outsideOfReport(guest.console.lines).map(({ text }) => text)
  const received = texts.slice(texts.indexOf(String(firstNumber)))
  const firstWrong = Array.from({ length: lineCount }).findIndex(
    (_unused, index) => received[index] !== `${firstNumber + index}`,
  )
  expect(firstWrong, `index of the first of ${lineCount} numbered lines that is missing or changed`).toBe(-1)
})

requirement('BOOT-013', bootTestTimeoutMs, async () => {
  const { guest } = await crippled()
  expect(guest.console.end(200), 'the console of an image that has /sbin/init alone').toMatch(
    new RegExp(`^(?:${markers.error}|${markers.outputStart})$`, 'm'),
  )
})

requirement('BOOT-021', bootTestTimeoutMs, async () => {
  expectRefusal(await crippled(), `any command, in an image without ${testedEngine().program}`)
})

requirement('BOOT-014', bootTestTimeoutMs, async () => {
  requireErrorLine(await elsewhere())
})

requirement('BOOT-015', bootTestTimeoutMs, async () => {
  requireErrorLine(await diskless())
})

requirement('BOOT-016', bootTestTimeoutMs, async () => {
  requireErrorLine(await unmountable())
})

requirement('BOOT-017', bootTestTimeoutMs, async () => {
  requireErrorLine(await initless())
})

const errorLine = new RegExp(`^${initramfsError}\\s*\\S`)

function requireErrorLine({ guest }: { guest: RunningGuest }): void {
  if (!guest.console.lines.some(({ text }) => errorLine.test(text)))
    throw new GuestFault(
      `No line on the console starts with ${initramfsError} followed by a reason.`,
      guest.console.end(),
    )
}
