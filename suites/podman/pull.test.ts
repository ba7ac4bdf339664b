import { expect } from 'vitest'
import { observePull } from '../../harness/run/observed-pull.ts'
import { podmanCoordinates } from '../../harness/run/podman-guest.ts'
import { stepMs } from '../../harness/run/pull-timeline.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { longTimeoutMs, timeoutMs } from './bounds.ts'
import { imageNames } from './image-names.ts'

requirement('PUL-001', longTimeoutMs, async ({ guestBehind, recordMs, recordPull }) => {
  const behind = await guestBehind({})
  const { guest } = behind
  const startedMs = performance.now()
  await guest.mustPodman(['pull', '-q', 'docker.io/library/alpine:latest'])
  recordMs('pull_tiny_ms', performance.now() - startedMs)
  expect(await imageNames(guest)).toContain('docker.io/library/alpine:latest')
  const pull = await observePull(behind, 'docker.io/vpdmn/medium-layer:latest')
  recordPull(pull)
  for (const step of ['download', 'unpack', 'commit']) recordMs(`pull_medium_${step}_ms`, stepMs(pull, step))
})

requirement('PUL-002', timeoutMs, async ({ guest }) => {
  await guest.mustPodman(['pull', '-q', 'busybox'])
  expect(await imageNames(guest)).toContain('docker.io/library/busybox:latest')
})

requirement('PUL-003', timeoutMs, async ({ guest }) => {
  await guest.mustPodman(['pull', '-q', 'nginx', 'ubuntu', 'debian'])
  const expected = ['nginx', 'ubuntu', 'debian'].map((name) => `docker.io/library/${name}:latest`)
  expect(await imageNames(guest), 'images after a pull of nginx, ubuntu and debian').toEqual(
    expect.arrayContaining(expected),
  )
})

requirement('PUL-004', timeoutMs, async ({ guest }) => {
  await guest.mustPodman(['pull', '-q', 'vpdmn/quay-only'])
  expect(await imageNames(guest)).toEqual(['quay.io/vpdmn/quay-only:latest'])
})

requirement('PUL-005', timeoutMs, async ({ guest }) => {
  await guest.mustPodman(['pull', '-q', 'docker.io/library/alpine:3.20'])
  expect(await imageNames(guest)).toEqual(['docker.io/library/alpine:3.20'])
})

requirement('PUL-006', timeoutMs, async ({ guest }) => {
  const name = `docker.io/library/busybox@${podmanCoordinates().workloadDigests.busybox}`
  await guest.mustPodman(['pull', '-q', name])
  const digests = await guest.mustPodman(['image', 'inspect', '--format', '{{json .RepoDigests}}', name])
  expect(JSON.parse(digests), 'RepoDigests of the image').toContain(name)
})
