import { expect } from 'vitest'
import type { RegistryRequest } from '../../harness/registry/front/request-log.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { timeoutMs } from './bounds.ts'
import { imageNames } from './image-names.ts'
import { expectRefusal } from './refusal.ts'

const blobs = (requests: readonly RegistryRequest[]) =>
  requests.filter(({ method, path }) => method === 'GET' && path.includes('/blobs/'))
/** The layer of the base images has 1 MB, their configurations less than 1 kB. */
const layers = (requests: readonly RegistryRequest[]) => blobs(requests).filter(({ bytes }) => bytes > 100_000)

requirement('PUL-011', timeoutMs, async ({ guestBehind }) => {
  const { guest, front } = await guestBehind({}, 'pulled')
  await guest.mustPodman(['pull', '-q', 'docker.io/library/alpine:latest'])
  expect(layers(front.requests()), 'layers downloaded by the second pull').toEqual([])
})

requirement('PUL-012', timeoutMs, async ({ guestBehind }) => {
  const { guest, front } = await guestBehind({}, 'pulled')
  await guest.mustPodman(['pull', '-q', 'docker.io/library/debian:latest'])
  expect(layers(front.requests()), 'downloads of the layer that alpine and debian share').toEqual([])
})

requirement('PUL-013', timeoutMs, async ({ guestBehind }) => {
  const { guest, front } = await guestBehind({}, 'pulled')
  const run = (name: string) => guest.podman(['run', '--rm', '--pull=never', '--network=none', name, 'true'])
  expectRefusal(
    await run('docker.io/library/busybox'),
    'podman run --pull=never of a missing image',
    /not known|No such/i,
  )
  expect((await run('docker.io/library/alpine')).exitCode, 'exit code for an image that is there').toBe(0)
  expect(front.requests(), 'requests to the registry').toEqual([])
})

requirement('PUL-014', timeoutMs, async ({ guest }) => {
  await Promise.all(['busybox', 'nginx', 'vpdmn/uncompressed'].map((name) => guest.mustPodman(['pull', '-q', name])))
  expect((await imageNames(guest)).sort()).toEqual([
    'docker.io/library/busybox:latest',
    'docker.io/library/nginx:latest',
    'docker.io/vpdmn/uncompressed:latest',
  ])
})
