import { join } from 'node:path'
import { expect } from 'vitest'
import { listedName } from '../../harness/contract/dialects.ts'
import { guestFolders, storageArchive } from '../../harness/contract/engines.ts'
import { exitCodeMarker, inputPlaceholder, markers } from '../../harness/contract/markers.ts'
import {
  emptyTar,
  listTar,
  makeTravelledDisk,
  tarFault,
  tarListing,
  unpackUnder,
} from '../../harness/guest/exchange/fake-roots.ts'
import { makeShare } from '../../harness/guest/exchange/share-folder.ts'
import { listingScript, listStore, storeDifferences } from '../../harness/guest/exchange/store-listing.ts'
import { reportScript } from '../../harness/guest/runner/console-report.ts'
import { bootTestTimeoutMs, podmanBootTimeoutMs } from '../../harness/guest/runner/contract-boot.ts'
import { makeDisk, writeNestedLayout, writeOciLayout } from '../../harness/guest/runner/contract-disks.ts'
import { nonces } from '../../harness/guest/runner/nonces.ts'
import { GuestFault } from '../../harness/model/faults.ts'
import { bootReporting } from '../../harness/run/contract-report.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedBoot } from '../../harness/run/shared-boot.ts'
import { testedDialect, testedEngine, testedImport, testedParameter } from '../../harness/run/tested-engine.ts'

const { store, runtime: engine } = testedEngine()
const dialect = testedDialect()
const image = 'docker.io/vpdmn/attributes:latest'
/** A layout of every architecture, as an index in the index. */
const nested = 'docker.io/library/alpine:latest'
const images = `${engine} images --format "{{.Repository}}:{{.Tag}}"`
const timeoutMs = podmanBootTimeoutMs
const code = nonces().code('export')

/** A batch of layouts is imported as builds do it, listed by the guest itself, and the store exported by 9p. */
const exported = sharedBoot('EXP-001', async (environment) => {
  const { coordinates, folder, lifetime } = environment
  const input = await makeShare(folder, 'input', {})
  await writeOciLayout('attributes', coordinates.boot.arch, image, await makeShare(input, '0', {}))
  await writeNestedLayout('alpine', await makeShare(input, '1', {}))
  const share = await makeShare(folder, 'share', { 'list.sh': listingScript })
  const copy = (number: number, name: string) => testedImport(`${guestFolders.input}/${number}`, name)
  const cmd = reportScript(
    {
      input: `echo ${inputPlaceholder}; ls ${inputPlaceholder} | cat`,
      mounts: 'cat /proc/mounts',
      import: `(${copy(0, image)} && ${copy(1, nested)} && echo imported)`,
      images,
      run: `${engine} run --pull=never --rm --network=none ${nested} uname -m; uname -m`,
      list: `cd ${store} && sh ${guestFolders.share}/list.sh >${guestFolders.share}/listing`,
    },
    `(exit ${code})`,
  )
  const boot = {
    request: { cmd, input: 'dir', output: 'storage', ninep: true },
    inputDisk: await makeDisk(join(folder, 'input-disk'), 64, input),
    shares: { share },
    timeoutMs,
  } as const
  return {
    ...(await bootReporting(coordinates, boot, lifetime)),
    share,
    archive: { share, name: storageArchive },
    environment,
  }
})

/** The archive as a build host unpacks it; asked for only where the export worked. */
const underFakeroot = sharedBoot('EXP-005', ({ folder }) => unpacked('fakeroot', folder))
const underPseudo = sharedBoot('EXP-006', ({ folder }) => unpacked('pseudo', folder))

async function unpacked(fakeRoot: 'fakeroot' | 'pseudo', folder: string) {
  const { archive, share, guest } = await exported()
  const inGuest = await listStore({ share, name: 'listing' })
  if (inGuest.length === 0) throw new GuestFault('The guest came to list no file of its store.', guest.console.end())
  return { inGuest, ...(await unpackUnder(fakeRoot, archive, folder)) }
}

/** A build host makes the export a state disk, a fresh guest works with it, and exports it again. */
const reused = sharedBoot('EXP-007', async ({ coordinates, folder, lifetime }) => {
  const { archive } = await exported()
  const input = await makeShare(folder, 'input', { 'image.tar': emptyTar })
  const share = await makeShare(folder, 'share', {})
  const run = `${engine} run --pull=never --rm --network=none`
  const cmd = reportScript({
    input: `echo ${inputPlaceholder}`,
    mounts: 'cat /proc/mounts',
    images,
    run: `${run} ${image} ls /attributes/setuid`,
    user: `${run} --user 1000 ${nested} id -u`,
  })
  const boot = {
    request: { cmd, input: 'tar', output: 'storage', state: 'disk', ninep: true },
    inputDisk: await makeDisk(join(folder, 'input-disk'), 16, input),
    stateDisk: await makeTravelledDisk('pseudo', archive, folder),
    shares: { share },
    timeoutMs,
  } as const
  return { ...(await bootReporting(coordinates, boot, lifetime)), archive: { share, name: storageArchive } }
})

/** A store that was only looked at, exported by the console. */
const printed = sharedBoot('EXP-003', ({ coordinates, lifetime }) => {
  const cmd = reportScript({ images: `${engine} images` })
  return bootReporting(coordinates, { request: { cmd, output: 'storage' }, timeoutMs }, lifetime)
})

/** A machine with less memory than the store and a copy of it need: two tmpfs take at most half of the memory each. */
const crampedMiB = 640
const fillingBytes = 300_000_000

const cramped = sharedBoot('EXP-009', async ({ coordinates, folder, lifetime }) => {
  const share = await makeShare(folder, 'share', {})
  const cmd = reportScript({ fill: `head -c ${fillingBytes} /dev/zero >${store}/filling; ls -l ${store}/filling` })
  const request = { cmd, output: 'storage', ninep: true } as const
  const boot = { request, shares: { share }, memoryMiB: crampedMiB, timeoutMs }
  return { ...(await bootReporting(coordinates, boot, lifetime)), archive: { share, name: storageArchive } }
})

requirement('INP-001', bootTestTimeoutMs, async () => {
  const { section } = await exported()
  expect(
    section('input').split('\n'),
    `${inputPlaceholder} with ${testedParameter('input')}=dir, and what is in it`,
  ).toEqual(expect.arrayContaining([guestFolders.input, '0', '1']))
  expect(section('mounts'), 'mounts').toMatch(new RegExp(`^/dev/vdb ${guestFolders.input} ext4 `, 'm'))
})

requirement('EXP-001', bootTestTimeoutMs, async () => {
  const { answer, archive, guest } = await exported()
  if (!answer.storageShared) throw new GuestFault(`There is no line ${markers.storageShared}.`, guest.console.end())
  expect((await listTar(archive)).length, `entries of ${storageArchive} on the share`).toBeGreaterThan(0)
})

requirement('EXP-002', bootTestTimeoutMs, async () => {
  requireStorePaths(await listTar((await exported()).archive))
})

requirement('EXP-003', bootTestTimeoutMs, async () => {
  const { answer, section } = await printed()
  section('images')
  expect(answer.storage, `what stands between ${markers.storageStart} and ${markers.storageEnd}`).toBeDefined()
  const names = await tarListing(answer.storage ?? Buffer.alloc(0))
  expect(names, 'paths in the archive').toContain(`${dialect.packedAs}${dialect.storeFile}`)
})

requirement('EXP-004', bootTestTimeoutMs, async () => {
  const { answer } = await exported()
  expect(answer.exitCode, `the N of ${exitCodeMarker('N')} after "(exit ${code})"`).toBe(code)
})

requirement('EXP-005', bootTestTimeoutMs, async () => {
  const { inGuest, listing } = await underFakeroot()
  requireSameStore('fakeroot', inGuest, listing)
})

requirement('EXP-006', bootTestTimeoutMs, async () => {
  const { inGuest, listing } = await underPseudo()
  requireSameStore('pseudo', inGuest, listing)
})

requirement('EXP-007', bootTestTimeoutMs, async () => {
  const { section } = await reused()
  expect(section('images').split('\n'), 'images in a fresh guest').toEqual(
    expect.arrayContaining([image, nested].map((name) => listedName(dialect, name))),
  )
  expect(section('run').split('\n').at(-1), 'a file in a container from the unpacked store').toBe('/attributes/setuid')
  expect(section('user').split('\n').at(-1), '"id -u" in a container of user 1000').toBe('1000')
})

requirement('INP-003', bootTestTimeoutMs, async () => {
  const { section } = await reused()
  expect(section('input'), `${inputPlaceholder} with ${testedParameter('input')}=tar and image.tar on the disk`).toBe(
    `${guestFolders.input}/image.tar`,
  )
})

requirement('EXP-008', bootTestTimeoutMs, async () => {
  const { answer, archive, section, guest } = await reused()
  section('images')
  if (!answer.storageShared) throw new GuestFault(`There is no line ${markers.storageShared}.`, guest.console.end())
  requireStorePaths(await listTar(archive))
})

requirement('EXP-009', bootTestTimeoutMs, async () => {
  const { answer, archive, section, guest } = await cramped()
  section('fill')
  if (answer.error !== undefined && !answer.storageShared) return
  if (!answer.storageShared)
    throw new GuestFault(`There is neither ${markers.storageShared} nor ${markers.error}.`, guest.console.end())
  expect(await tarFault(archive), `${storageArchive}, reported as done with ${crampedMiB} MiB of memory`).toBe('')
  expect(await listTar(archive), `paths in ${storageArchive}`).toContain(`${dialect.packedAs}filling`)
})

requirement('INP-006', bootTestTimeoutMs, async () => {
  const { section } = await exported()
  expect(section('import').split('\n').at(-1), 'the end of the import').toBe('imported')
  expect(section('images').split('\n'), 'images after the import').toEqual(
    expect.arrayContaining([image, nested].map((name) => listedName(dialect, name))),
  )
  const [inContainer, inGuest] = section('run').split('\n').slice(-2)
  expect(inContainer, 'machine that a program of the image of several architectures sees').toBe(inGuest)
})

/** What a runner finds when it strips one component of each name. */
function requireStorePaths(names: readonly string[]): void {
  expect(names, `paths in ${storageArchive}`).toContain(`${dialect.packedAs}${dialect.imageRecord}`)
  const others = names.filter((name) => !name.startsWith(dialect.packedAs) || name.split('/').includes('..'))
  expect(others, `paths in ${storageArchive} that do not start with "${dialect.packedAs}"`).toEqual([])
}

/** Compares mode, owner, name, link target and SHA-256 line by line. */
function requireSameStore(fakeRoot: string, inGuest: readonly string[], unpacked: readonly string[]): void {
  const { count, shown } = storeDifferences(
    { called: 'in the guest', lines: inGuest },
    { called: `under ${fakeRoot}`, lines: unpacked },
  )
  if (count > 0)
    throw new GuestFault(
      `${count} of ${inGuest.length} lines differ, the first are ${shown.slice(0, 6).join('; ')}`,
      shown.join('\n'),
    )
}
