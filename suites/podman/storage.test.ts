import { expect } from 'vitest'
import { guestBusybox } from '../../harness/guest/guest-agent.ts'
import { passSlowly } from '../../harness/registry/fault/acts.ts'
import type { Fault } from '../../harness/registry/fault/fault.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedGuest } from '../../harness/run/shared-in-file.ts'
import { mustRunIn } from './alpine-run.ts'
import { longTimeoutMs, timeoutMs } from './bounds.ts'
import { imageNames } from './image-names.ts'

const store = '/var/lib/containers/storage'
const guest = sharedGuest('pulled')

requirement('VFS-001', longTimeoutMs, async () => {
  const names = (await (await guest()).agent.mustShell(`cd ${store} && ls -d vfs*/* | cut -d / -f 1 | sort -u`)).trim()
  expect(names.split('\n')).toEqual(expect.arrayContaining(['vfs', 'vfs-images', 'vfs-layers']))
  const images = JSON.parse(await (await guest()).agent.mustShell(`cat ${store}/vfs-images/images.json`))
  expect(images, 'vfs-images/images.json').toMatchObject([{ names: ['docker.io/library/alpine:latest'] }])
})

requirement('VFS-002', longTimeoutMs, async () => {
  await mustRunIn(await guest(), { command: ['sh', '-c', 'echo changed > /etc/passwd; rm /bin/ls'] })
  const command = ['sh', '-c', 'head -n 1 /etc/passwd; ls /bin/ls']
  expect(await mustRunIn(await guest(), { command })).toBe('root:x:0:0:root:/root:/bin/sh\n/bin/ls')
})

requirement('VFS-007', longTimeoutMs, async () => {
  const { mustPodman } = await guest()
  await mustPodman(['volume', 'create', '--label', 'kind=test', 'kept'])
  await mustPodman(['volume', 'create', 'unused'])
  await mustPodman(['create', '--name', 'owner', '--network=none', '-v', 'kept:/data', 'alpine', 'true'])
  expect((await mustPodman(['volume', 'ls', '-q'])).split('\n').sort(), 'podman volume ls').toEqual(['kept', 'unused'])
  const [volume] = JSON.parse(await mustPodman(['volume', 'inspect', 'kept']))
  expect(volume, 'podman volume inspect').toMatchObject({
    Name: 'kept',
    Labels: { kind: 'test' },
    Mountpoint: `${store}/volumes/kept/_data`,
  })
  await mustPodman(['volume', 'prune', '-f'])
  expect(await mustPodman(['volume', 'ls', '-q']), 'volumes after podman volume prune').toBe('kept')
  await mustPodman(['rm', '-v', 'owner'])
  await mustPodman(['volume', 'rm', 'kept'])
  expect(await mustPodman(['volume', 'ls', '-q']), 'volumes after podman volume rm').toBe('')
})

requirement('VFS-008', longTimeoutMs, async () => {
  const { mustPodman, agent } = await guest()
  await mustPodman(['volume', 'create', 'source'])
  await mustPodman(['volume', 'create', 'target'])
  const folderOf = async (name: string) => {
    const folder = await mustPodman(['volume', 'inspect', '--format', '{{.Mountpoint}}', name])
    expect(folder, `mount point of the volume ${name}`).toContain(`/${name}/`)
    return folder
  }
  await agent.mustShell(`echo saved > ${await folderOf('source')}/file`)
  await mustPodman(['volume', 'export', '-o', '/run/volume.tar', 'source'])
  await mustPodman(['volume', 'import', 'target', '/run/volume.tar'])
  expect(await agent.mustShell(`cat ${await folderOf('target')}/file`), 'the file in the other volume').toBe('saved\n')
})

interface Usage {
  Type: string
  TotalCount?: number
  Total?: number
}

requirement('VFS-009', longTimeoutMs, async () => {
  const { mustPodman } = await guest()
  const rows = (await mustPodman(['system', 'df', '--format', '{{json .}}'])).split('\n')
  const counted = rows.map((row) => JSON.parse(row) as Usage)
  const countOf = async (...listing: readonly string[]) =>
    (await mustPodman(listing)).split(/\s+/).filter(Boolean).length
  const expected = {
    Images: await countOf('images', '-q'),
    Containers: await countOf('ps', '-aq'),
    'Local Volumes': await countOf('volume', 'ls', '-q'),
  }
  const counts = Object.fromEntries(counted.map(({ Type, TotalCount, Total }) => [Type, TotalCount ?? Total]))
  expect(counts, 'what podman system df counts, beside what podman lists').toEqual(expected)
})

requirement('VFS-003', timeoutMs, async ({ pulledGuest }) => {
  const { mustPodman, agent } = pulledGuest
  const usedKiB = async () => Number((await agent.mustShell(`${guestBusybox} du -sk ${store}`)).split(/\s/)[0])
  const before = await usedKiB()
  await mustPodman(['pull', '-q', 'docker.io/vpdmn/medium-layer'])
  expect((await usedKiB()) - before, 'KiB that an image of 8 MiB takes').toBeGreaterThan(8 * 1024)
  await mustPodman(['run', '--rm', '--network=none', 'alpine', 'true'])
  await mustPodman(['create', '--network=none', 'alpine', 'true'])
  await mustPodman(['image', 'prune', '-a', '-f'])
  expect(await imageNames(pulledGuest), 'images after podman image prune -a').toEqual([
    'docker.io/library/alpine:latest',
  ])
  // A container was made meanwhile: a copy of the image of 2 MiB.
  expect((await usedKiB()) - before, 'KiB not given back').toBeLessThan(4 * 1024)
})

requirement('VFS-004', timeoutMs, async ({ pulledGuest }) => {
  const { mustPodman, agent } = pulledGuest
  await mustPodman(['create', '--network=none', '-v', 'data:/data', 'alpine', 'true'])
  await mustPodman(['system', 'prune', '-a', '-f', '--volumes'])
  for (const listing of [
    ['ps', '-aq'],
    ['images', '-aq'],
    ['volume', 'ls', '-q'],
  ])
    expect(await mustPodman(listing), `podman ${listing.join(' ')} afterwards`).toBe('')
  expect(await agent.mustShell(`ls ${store}/vfs/dir`), 'folders of layers left').toBe('')
})

requirement('VFS-005', timeoutMs, async ({ guest }) => {
  const { podman, agent } = guest
  // The base of 2 MiB, the base copied for the second layer, and 8 MiB: more than 10 MiB.
  await agent.mustShell('mkdir /run/small && mount -t tmpfs -o size=10m tmpfs /run/small')
  const inSmall = (...command: readonly string[]) => podman(['--root', '/run/small/store', ...command])
  const full = await inSmall('pull', '-q', 'docker.io/vpdmn/medium-layer')
  expect(full.exitCode, 'exit code of a pull that does not fit').toBe(125)
  expect(full.stderr.toString(), 'what podman says').toMatch(/no space left on device/)
  const fitting = await inSmall('pull', '-q', 'docker.io/library/alpine')
  expect(fitting.exitCode, `exit code of a pull that fits, afterwards: ${fitting.stderr}`).toBe(0)
  const listed = await inSmall('images', '--format', '{{.Repository}}')
  expect(listed.stdout.toString(), 'images in the store').toBe('docker.io/library/alpine\n')
})

const slowLayers: Fault = { id: 'slow-layers', on: { resource: 'blob', methods: ['GET'] }, act: passSlowly(100_000) }

requirement('VFS-006', timeoutMs, async ({ guestBehind }) => {
  const { guest, front } = await guestBehind({})
  const end = front.inject(slowLayers)
  const killed = await guest.agent.shell(
    `podman pull -q docker.io/vpdmn/medium-layer & pull=$!
    until ls /var/tmp/*/* > /dev/null 2>&1; do sleep 0.1; done
    kill -9 $pull; wait $pull`,
    { timeoutMs },
  )
  expect(killed.exitCode, 'exit code of podman pull').toBe(128 + 9)
  end()
  await guest.mustPodman(['pull', '-q', 'docker.io/vpdmn/medium-layer'])
  expect(await imageNames(guest)).toEqual(['docker.io/vpdmn/medium-layer:latest'])
})
