import { join } from 'node:path'
import { expect } from 'vitest'
import { inputPlaceholder, markers } from '../../harness/contract/markers.ts'
import { runnerBounds, stateDiskMiB } from '../../harness/contract/runner.ts'
import { makeShare } from '../../harness/guest/exchange/share-folder.ts'
import { reportScript } from '../../harness/guest/runner/console-report.ts'
import { bootContract, bootTestTimeoutMs, podmanBootTimeoutMs } from '../../harness/guest/runner/contract-boot.ts'
import {
  copyDisk,
  diskFileDigest,
  makeDisk,
  recoverDisk,
  withholdLastLayer,
  writeOciLayout,
} from '../../harness/guest/runner/contract-disks.ts'
import { nonces } from '../../harness/guest/runner/nonces.ts'
import { awaitGuest } from '../../harness/machine/start-guest.ts'
import { EnvironmentFault, GuestFault } from '../../harness/model/faults.ts'
import { bootReporting, mountsAt } from '../../harness/run/contract-report.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { type BootEnvironment, sharedBoot } from '../../harness/run/shared-boot.ts'
import { testedEngine, testedImport } from '../../harness/run/tested-engine.ts'

const { store, runtime: engine } = testedEngine()
const alpine = 'docker.io/library/alpine:latest'
const interrupted = 'docker.io/vpdmn/twenty-layers:latest'
const importTwenty = testedImport(`${inputPlaceholder}/twenty`, interrupted)
const images = `${engine} images --format "{{.Repository}}:{{.Tag}}"`
const timeoutMs = podmanBootTimeoutMs
const word = nonces().word('runs')

/**
 * Keeps the kernel from writing by itself what init must have written at the end: after some seconds, which slow machines
 * take (Linux, admin-guide/sysctl/vm.rst, "dirty_writeback_centisecs"; admin-guide/ext4.rst, "commit"). What the journal has begun
 * keeps its old time, so it is ended first.
 */
const nothingByItself = `echo 0 >/proc/sys/vm/dirty_writeback_centisecs; mount -o remount,commit=300 ${store}; sync`

/** The first machine of the disk: an image, a large file that was written last, and a process that keeps it open. */
const first = sharedBoot('STA-002', async (environment) => {
  const { coordinates, folder, lifetime } = environment
  const stateDisk = await makeDisk(join(folder, 'state'), stateDiskMiB)
  const cmd = reportScript(
    {
      mounts: 'cat /proc/mounts',
      import: `tar -c -C /etc hostname | ${engine} import - kept:1`,
      digest: `${nothingByItself}; head -c 16000000 /dev/urandom >${store}/written-last; sha256sum <${store}/written-last`,
    },
    `(sleep 10000 >>${store}/written-last 2>&1 &)`,
  )
  const boot = { request: { cmd, state: 'disk' }, stateDisk, timeoutMs } as const
  const ended = await bootReporting(coordinates, boot, lifetime)
  // What the next machines do to the disk must not change what is judged about the first.
  const afterFirst = await copyDisk(stateDisk, join(folder, 'after-first'))
  return { ...ended, stateDisk, afterFirst, environment }
})

/**
 * The second machine of the disk is killed while it unpacks an image of twenty layers, the last of which never comes: the copy
 * cannot be whole by then.
 */
const killed = sharedBoot('STA-004', async () => {
  const { stateDisk, environment } = await first()
  const inputDisk = await makeInput(environment, 'withheld')
  const { coordinates, lifetime } = environment
  const cmd = reportScript({
    images,
    pull: `${testedImport(`${inputPlaceholder}/alpine`, alpine)}; sync`,
    midway: `${importTwenty} & n=$(ls ${store}/vfs/dir | wc -l)
until [ $(ls ${store}/vfs/dir | wc -l) -gt $((n+4)) ]; do sleep 0.1; done; echo killed here; wait`,
  })
  const request = { cmd, input: 'dir', state: 'disk' } as const
  const guest = await bootContract(coordinates, { request, inputDisk, stateDisk }, lifetime)
  const midway = guest.console.lineWhere((text) => text === 'killed here')
  await awaitGuest(guest, 'an unfinished pull', timeoutMs, midway)
  await guest.kill()
  const { reason } = await guest.ended
  if (reason !== 'stopped by the harness')
    throw new EnvironmentFault('E_TOOL', `The machine was not killed: ${reason}.`)
  return { listed: guest.console.lines.map(({ text }) => text), stateDisk, environment }
})

/** The third machine of the disk finds what the kill left. */
const recovered = sharedBoot('STA-007', async () => {
  const { stateDisk, environment } = await killed()
  const inputDisk = await makeInput(environment, 'whole')
  const cmd = reportScript({
    mounts: 'cat /proc/mounts',
    images,
    run: `${engine} run --pull=never --rm --network=none ${alpine} echo ${word}`,
    again: importTwenty,
    ran: `${engine} run --pull=never --rm --network=none ${interrupted} cat /layers/last`,
  })
  const request = { cmd, input: 'dir', state: 'disk' } as const
  return bootReporting(environment.coordinates, { request, inputDisk, stateDisk, timeoutMs }, environment.lifetime)
})

/** An input disk with both images; the last layer of the twenty is there, or is withheld. */
async function makeInput({ coordinates, folder }: BootEnvironment, last: 'whole' | 'withheld'): Promise<string> {
  const input = await makeShare(folder, `input-${last}`, {})
  const { arch } = coordinates.boot
  await writeOciLayout('alpine', arch, alpine, await makeShare(input, 'alpine', {}))
  await writeOciLayout('twenty-layers', arch, interrupted, await makeShare(input, 'twenty', {}))
  if (last === 'withheld') await withholdLastLayer('twenty-layers', arch, join(input, 'twenty'))
  return makeDisk(join(folder, `input-disk-${last}`), 32, input)
}

requirement('STA-002', bootTestTimeoutMs, async () => {
  const { section } = await first()
  expect(mountsAt(section('mounts'), store).at(-1), `mount at ${store}`).toMatchObject({
    device: '/dev/vdb',
    type: 'ext4',
  })
})

requirement('STA-006', bootTestTimeoutMs, async () => {
  const { section, afterFirst } = await first()
  const written = section('digest').split(' ')[0]
  await recoverDisk(afterFirst)
  const found = await diskFileDigest(afterFirst, '/written-last')
  expect(found, 'SHA-256 of the file on the disk that the command wrote last').toBe(written)
})

requirement('STA-004', bootTestTimeoutMs, async () => {
  const { listed } = await killed()
  expect(listed, `images in the second machine; the first one said: ${(await first()).section('import')}`).toContain(
    'localhost/kept:1',
  )
})

requirement('STA-007', bootTestTimeoutMs, async () => {
  const { section } = await recovered()
  const [mount] = mountsAt(section('mounts'), store).slice(-1)
  expect(mount, `mount at ${store}`).toMatchObject({ device: '/dev/vdc', type: 'ext4' })
  expect(mount?.options.split(','), 'mount options').toContain('rw')
})

requirement('STA-008', bootTestTimeoutMs, async () => {
  const { section } = await recovered()
  const listed = section('images').split('\n')
  expect(listed, 'images in the third machine').toEqual(expect.arrayContaining(['localhost/kept:1', alpine]))
  expect(listed, 'images in the third machine, of which one was never whole').not.toContain(interrupted)
  expect(section('run').split('\n').at(-1), `last line of podman run … echo ${word}`).toBe(word)
})

requirement('STA-009', bootTestTimeoutMs, async () => {
  const { section } = await recovered()
  expect(section('ran').split('\n').at(-1), `a file of the last layer; the pull said: ${section('again')}`).toBe('20')
})

requirement('BOOT-026', bootTestTimeoutMs, async ({ weighAs, recordMs }) => {
  const { answer, guest } = await first()
  const answeredMs = guest.console.lines.find(({ text }) => text === markers.outputEnd)?.atMs
  if (answeredMs === undefined) throw new GuestFault(`There is no line ${markers.outputEnd}.`, guest.console.end())
  // An emulated processor is several times slower than those of the field: more time than theirs proves little.
  if (guest.shape.accelerator === 'tcg') weighAs('warning')
  const endMs = answer.end.atMs - answeredMs
  recordMs('oneshot_end_ms', endMs)
  expect(endMs, 'time from the answer to the end of the machine, in ms').toBeLessThanOrEqual(runnerBounds.oneShotEndMs)
})
