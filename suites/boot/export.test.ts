import { join } from 'node:path'
import { expect } from 'vitest'
import { reportScript } from '../../harness/exercise/console-report.ts'
import { bootTestTimeoutMs, podmanBootTimeoutMs } from '../../harness/exercise/contract-boot.ts'
import { makeDisk, writeOciLayout } from '../../harness/exercise/contract-disks.ts'
import { bootReporting } from '../../harness/exercise/contract-report.ts'
import { listTar, tarListing, unpackUnder } from '../../harness/exercise/fake-roots.ts'
import { requirement } from '../../harness/exercise/requirement-test.ts'
import { makeShare } from '../../harness/exercise/share-folder.ts'
import { sharedBoot } from '../../harness/exercise/shared-boot.ts'
import { listingScript, listStore, storeDifferences } from '../../harness/exercise/store-listing.ts'
import { GuestFault } from '../../harness/faults.ts'

const store = '/var/lib/containers/storage'
const image = 'docker.io/vpdmn/attributes:latest'
const timeoutMs = podmanBootTimeoutMs

/** An image with every kind of file is pulled, listed by the guest itself, and the store exported by 9p. */
const exported = sharedBoot(async (surroundings) => {
  const { coordinates, folder, lifetime } = surroundings
  const input = await makeShare(folder, 'input', {})
  await writeOciLayout('attributes', coordinates.boot.arch, image, await makeShare(input, 'layout', {}))
  const share = await makeShare(folder, 'share', { 'list.sh': listingScript })
  const cmd = reportScript(
    {
      input: 'echo {INPUT}; ls {INPUT} | cat',
      mounts: 'cat /proc/mounts',
      pull: `podman pull -q oci:{INPUT}/layout:${image}`,
      list: `cd ${store} && sh /mnt/share/list.sh >/mnt/share/listing`,
    },
    'exit 6',
  )
  const boot = {
    request: { cmd, input: 'dir', output: 'storage', ninep: true },
    inputDisk: await makeDisk(join(folder, 'input-disk'), 32, input),
    shares: { vpdmn_share: share },
    timeoutMs,
  } as const
  return {
    ...(await bootReporting(coordinates, boot, lifetime)),
    share,
    archive: { share, name: 'storage.tar' },
    surroundings,
  }
})

/** The archive as a build host unpacks it; asked for only where the export worked. */
const underFakeroot = sharedBoot(({ folder }) => unpacked('fakeroot', folder))
const underPseudo = sharedBoot(({ folder }) => unpacked('pseudo', folder))

async function unpacked(fakeRoot: 'fakeroot' | 'pseudo', folder: string) {
  const { archive, share, guest } = await exported()
  const inGuest = await listStore({ share, name: 'listing' })
  if (inGuest.length === 0) throw new GuestFault('The guest came to list no file of its store.', guest.console.end())
  return { inGuest, ...(await unpackUnder(fakeRoot, archive, folder)) }
}

/** A fresh guest gets what a build host packed again. */
const reused = sharedBoot(async ({ coordinates, folder, lifetime }) => {
  const { repacked } = await underPseudo()
  const input = await makeShare(folder, 'input', {})
  await repacked(join(input, 'store.tar'))
  const cmd = reportScript({
    input: 'echo {INPUT}',
    unpack: `tar -xf {INPUT} -C ${store}`,
    images: 'podman images --format "{{.Repository}}:{{.Tag}}"',
    run: `podman run --pull=never --rm --network=none ${image} ls -l /attributes/setuid`,
  })
  const inputDisk = await makeDisk(join(folder, 'input-disk'), 128, input)
  return bootReporting(coordinates, { request: { cmd, input: 'tar' }, inputDisk, timeoutMs }, lifetime)
})

/** A store that was only looked at, exported by the console. */
const printed = sharedBoot(({ coordinates, lifetime }) => {
  const cmd = reportScript({ images: 'podman images' })
  return bootReporting(coordinates, { request: { cmd, output: 'storage' }, timeoutMs }, lifetime)
})

requirement('INP-001', bootTestTimeoutMs, async () => {
  const { section } = await exported()
  expect(section('input').split('\n'), '{INPUT} with podman_input=dir, and what is in it').toEqual(
    expect.arrayContaining(['/mnt/input', 'layout']),
  )
  expect(section('mounts'), 'mounts').toMatch(/^\/dev\/vdb \/mnt\/input ext4 /m)
})

requirement('EXP-001', bootTestTimeoutMs, async () => {
  const { answer, archive, guest } = await exported()
  if (!answer.storageShared) throw new GuestFault('There is no line ===9P_STORAGE_DONE===.', guest.console.end())
  expect((await listTar(archive)).length, 'entries of storage.tar on the share').toBeGreaterThan(0)
})

requirement('EXP-002', bootTestTimeoutMs, async () => {
  const names = (await listTar((await exported()).archive)).map((name) => name.replace(/^\.\//, ''))
  expect(names, 'paths in storage.tar').toContain('vfs-images/images.json')
  const outside = names.filter((name) => name.startsWith('/') || name.split('/').includes('..'))
  expect(outside, 'paths in storage.tar that lead out of the store').toEqual([])
})

requirement('EXP-003', bootTestTimeoutMs, async () => {
  const { answer, section } = await printed()
  section('images')
  expect(answer.storage, 'what stands between ===STORAGE_START=== and ===STORAGE_END===').toBeDefined()
  const names = await tarListing(answer.storage ?? Buffer.alloc(0))
  expect(
    names.map((name) => name.replace(/^\.\//, '')),
    'paths in the archive',
  ).toContain('vfs-images/images.lock')
})

requirement('EXP-004', bootTestTimeoutMs, async () => {
  const { answer } = await exported()
  expect(answer.exitCode, 'the N of ===EXIT_CODE=N=== after "exit 6"').toBe(6)
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
  expect(section('images').split('\n'), `images in a fresh guest; tar said: ${section('unpack')}`).toContain(image)
  expect(section('run').split('\n').at(-1), 'a file in a container from the unpacked store').toMatch(/^-rwsr-xr-x/)
})

requirement('INP-003', bootTestTimeoutMs, async () => {
  const { section } = await reused()
  expect(section('input'), '{INPUT} with podman_input=tar and store.tar on the disk').toBe('/mnt/input/store.tar')
})

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
