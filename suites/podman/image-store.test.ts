import { expect } from 'vitest'
import { nonces } from '../../harness/guest/runner/nonces.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedGuest } from '../../harness/run/shared-in-file.ts'
import { mustRunIn } from './alpine-run.ts'
import { longTimeoutMs } from './bounds.ts'
import { imageNames } from './image-names.ts'

const guest = sharedGuest('pulled')
const loaded = nonces().word('loaded')

interface ImageInspection {
  Config: {
    User: string
    ExposedPorts: object
    Env: string[]
    Volumes: object
    WorkingDir: string
    Labels: Record<string, string>
  }
}

requirement('IMG-001', longTimeoutMs, async () => {
  const { mustPodman } = await guest()
  await mustPodman(['pull', '-q', 'vpdmn/settings'])
  const [image] = JSON.parse(await mustPodman(['image', 'inspect', 'vpdmn/settings'])) as [ImageInspection]
  const { Env, ...rest } = image.Config
  expect(rest, 'Config of podman image inspect').toMatchObject({
    User: 'worker:staff',
    ExposedPorts: { '8080/tcp': {}, '5353/udp': {} },
    Volumes: { '/data': {} },
    WorkingDir: '/made/by/podman',
    Labels: { 'test.vpdmn.label': 'labelled' },
  })
  expect(Env).toEqual(['PATH=/bin', 'GREETING=hello world', 'EMPTY=', 'EQUALS=a=b'])
})

requirement('IMG-002', longTimeoutMs, async () => {
  const { mustPodman } = await guest()
  await mustPodman(['pull', '-q', 'vpdmn/empty-layer'])
  const history = await mustPodman(['history', '-q', 'vpdmn/empty-layer'])
  expect(history.split('\n'), 'entries for an image of four layers').toHaveLength(4)
})

requirement('IMG-003', longTimeoutMs, async () => {
  const { mustPodman } = await guest()
  await mustPodman(['tag', 'alpine', 'localhost/second:name'])
  const idOf = (name: string) => mustPodman(['image', 'inspect', '--format', '{{.Id}}', name])
  expect(await idOf('localhost/second:name')).toBe(await idOf('alpine'))
  await mustPodman(['untag', 'alpine', 'localhost/second:name'])
  const names = await imageNames(await guest())
  expect(names).toContain('docker.io/library/alpine:latest')
  expect(names).not.toContain('localhost/second:name')
})

requirement('IMG-005', longTimeoutMs, async () => {
  const { podman } = await guest()
  expect((await podman(['image', 'exists', 'alpine'])).exitCode, 'for an image that is there').toBe(0)
  expect((await podman(['image', 'exists', 'localhost/missing'])).exitCode, 'for one that is not').toBe(1)
})

requirement('IMG-007', longTimeoutMs, () => throughArchive('docker-archive'))
requirement('IMG-008', longTimeoutMs, () => throughArchive('oci-archive'))

/** Saves an image under a name of its own, removes it, loads it again, and runs it. */
async function throughArchive(format: 'docker-archive' | 'oci-archive'): Promise<void> {
  const { mustPodman } = await guest()
  const name = `localhost/${format}:saved`
  const path = `/run/${format}.tar`
  await mustPodman(['tag', 'alpine', name])
  await mustPodman(['save', '-q', '--format', format, '-o', path, name])
  await mustPodman(['rmi', name])
  await mustPodman(['load', '-q', '-i', path])
  expect(await imageNames(await guest()), `images after podman load of a ${format}`).toContain(name)
  expect(await mustRunIn(await guest(), { image: name, command: ['echo', loaded] })).toBe(loaded)
}

requirement('IMG-006', longTimeoutMs, async ({ pulledGuest }) => {
  const { mustPodman, agent } = pulledGuest
  const hostName = (await agent.mustShell('hostname')).trim()
  const name = `registry.test/pushed/${hostName}:latest`
  const idOf = () => mustPodman(['image', 'inspect', '--format', '{{.Id}}', name])
  await mustPodman(['tag', 'alpine', name])
  const pushedId = await idOf()
  await mustPodman(['push', '-q', '--digestfile', '/run/digest', name])
  const pushedDigest = (await agent.mustShell('cat /run/digest')).trim()
  await mustPodman(['rmi', '-a'])
  await mustPodman(['pull', '-q', name])
  expect(await idOf(), 'id of the image pulled back').toBe(pushedId)
  const pulledDigest = await mustPodman(['image', 'inspect', '--format', '{{.Digest}}', name])
  expect(pulledDigest, 'digest of the image pulled back').toBe(pushedDigest)
})
