import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { tinyDockerTree } from '../../fixtures/static/tiny-docker-tree.ts'
import { squashfsOf } from '../../fixtures/static/tiny-image.ts'
import { program, type TinyTree, tinyProgram, tinyTree } from '../../fixtures/static/tiny-tree.ts'
import { openImageFile } from '../image/open-image-file.ts'
import { loadProfile } from '../profile/profile.ts'
import { engineOfImage, readEngine } from './engine-of-image.ts'
import { inspectImage } from './inspect-image.ts'
import { nearestProfile } from './nearest-profile.ts'

const folder = mkdtempSync(join(tmpdir(), 'engine-'))
afterAll(() => rmSync(folder, { recursive: true }))

let imageCount = 0
async function told(tree: TinyTree, edit: (tree: TinyTree) => void = () => undefined) {
  edit(tree)
  const file = await openImageFile(await squashfsOf(join(folder, `${imageCount++}.squashfs`), tree))
  const profile = await loadProfile('vpdmn')
  const inspected = await inspectImage(file, profile)
  inspected.close()
  const { engine, reason } = engineOfImage(inspected, '/init')
  expect(readEngine(file, profile.init)).toBe(engine)
  return { engine, reason, profile: nearestProfile(inspected, '/init') }
}

const anotherEngine = (path: string) => (tree: TinyTree) => void tree.set(path, program(tinyProgram()))

test('an image of podman needs no word', async () => {
  expect(await told(tinyTree())).toMatchObject({ engine: 'podman', reason: undefined })
})

test('podman by the name of docker is podman', async () => {
  expect(await told(tinyTree(), anotherEngine('/usr/bin/docker'))).toMatchObject({
    engine: 'podman',
    reason: undefined,
  })
})

test('an image of docker is known by its daemon, and has its profile', async () => {
  const reason = 'it has dockerd'
  expect(await told(tinyDockerTree())).toEqual({ engine: 'docker', reason, profile: { name: 'vdkr', reason } })
})

test('a daemon that cannot be run is one all the same', async () => {
  const unusable = (tree: TinyTree) => void tree.set('/usr/bin/dockerd', { type: 'file', content: 'x' })
  expect(await told(tinyDockerTree(), unusable)).toMatchObject({ engine: 'docker' })
})

test('of two engines that counts which init names', async () => {
  const reason = 'it has podman and dockerd, and /init names dockerd'
  expect(await told(tinyDockerTree(), anotherEngine('/usr/bin/podman'))).toMatchObject({ engine: 'docker', reason })
})

test('an image with neither is taken for one of podman where init does not tell, and it is said', async () => {
  const neither = (tree: TinyTree) => void tree.delete('/usr/bin/podman')
  expect(await told(tinyTree(), neither)).toMatchObject({
    engine: 'podman',
    profile: {
      reason: expect.stringMatching(
        /^it has neither podman nor dockerd, and \/init does not tell which it is made for, and it has /,
      ),
    },
  })
})
