import { expect, inject } from 'vitest'
import { nonces } from '../../harness/guest/runner/nonces.ts'
import { architectures } from '../../harness/model/architecture.ts'
import { podmanCoordinates } from '../../harness/run/podman-guest.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedGuest } from '../../harness/run/shared-in-file.ts'
import { mustRunIn } from './alpine-run.ts'
import { longTimeoutMs, timeoutMs } from './bounds.ts'
import { imageNames } from './image-names.ts'

const guest = sharedGuest('pulled')
const copied = nonces().word('copied')

/** Runs skopeo, which must succeed; its standard output. */
const skopeo = async (...command: readonly string[]) =>
  (await guest()).agent.mustShell(`skopeo ${command.join(' ')}`, { timeoutMs })

/** A repository for this guest alone, on a registry that all guests of the run share. */
const ownRepository = async (name: string) =>
  `registry.test/${name}/${(await (await guest()).agent.mustShell('hostname')).trim()}`

requirement('SKO-001', longTimeoutMs, async () => {
  const inspected = JSON.parse(await skopeo('inspect', 'docker://docker.io/library/debian:latest'))
  expect(inspected, 'skopeo inspect').toMatchObject({
    Name: 'docker.io/library/debian',
    Digest: podmanCoordinates().workloadDigests.debian,
    Architecture: architectures[inject('coordinates').boot.arch].oci,
  })
  expect(await imageNames(await guest()), 'images in the store').not.toContain('docker.io/library/debian:latest')
})

requirement('SKO-002', longTimeoutMs, async () => {
  const { agent } = await guest()
  await skopeo('copy', '-q', 'docker://docker.io/library/nginx:latest', 'oci:/run/layout:nginx')
  const layout = JSON.parse(await agent.mustShell('cat /run/layout/oci-layout'))
  expect(layout, 'oci-layout').toEqual({ imageLayoutVersion: '1.0.0' })
  await skopeo('copy', '-q', 'oci:/run/layout:nginx', 'containers-storage:localhost/from-layout:latest')
  expect(await mustRunIn(await guest(), { image: 'localhost/from-layout', command: ['echo', copied] })).toBe(copied)
})

requirement('SKO-003', longTimeoutMs, async () => {
  const target = `docker://${await ownRepository('by-skopeo')}:latest`
  await skopeo('copy', '-q', 'containers-storage:docker.io/library/alpine:latest', target)
  const idInStore = await (await guest()).mustPodman(['image', 'inspect', '--format', '{{.Id}}', 'alpine'])
  const manifest = JSON.parse(await skopeo('inspect', '--raw', target))
  expect(manifest.config?.digest, 'configuration in the registry').toBe(`sha256:${idInStore}`)
})

requirement('SKO-004', longTimeoutMs, async () => {
  const target = `docker://${await ownRepository('mirrored')}:latest`
  await skopeo('copy', '-q', '--all', '--preserve-digests', 'docker://docker.io/library/busybox:latest', target)
  const digest = await skopeo('inspect', '--raw', target, '|', 'sha256sum')
  expect(`sha256:${digest.split(' ')[0]}`).toBe(podmanCoordinates().workloadDigests.busybox)
})

requirement('SKO-005', longTimeoutMs, async () => {
  const { Tags } = JSON.parse(await skopeo('list-tags', 'docker://docker.io/library/alpine'))
  expect(Tags.sort()).toEqual(['3.20', 'latest'])
})

requirement('SKO-006', longTimeoutMs, async () => {
  const archive = 'docker-archive:/run/skopeo.tar:localhost/from-archive:latest'
  await skopeo('copy', '-q', 'docker://docker.io/library/ubuntu:latest', archive)
  await (await guest()).mustPodman(['load', '-q', '-i', '/run/skopeo.tar'])
  expect(await imageNames(await guest())).toContain('localhost/from-archive:latest')
})
