import { expect, test } from 'vitest'
import type { EngineName } from '../../model/engine.ts'
import type { SuiteName } from '../../model/requirement.ts'
import { forSuites, requireSuites, suitesForImage } from './suites-of-image.ts'

const run = (...suites: SuiteName[]) => ({ options: { suites } })
const image = (engine: EngineName) => ({ label: `${engine}.squashfs`, profile: { contract: { engine } } })

test('an image of docker is judged by the suites that ask something of it, and the others that were asked for are named', () => {
  const asked = run('static', 'boot', 'podman')
  expect(suitesForImage(asked, image('docker'))).toEqual({ judging: ['static', 'boot'], others: ['podman'] })
  expect(suitesForImage(asked, image('podman'))).toEqual({ judging: ['static', 'boot', 'podman'], others: [] })
})

test('a call that leaves an image unjudged is wrong, in a sentence', () => {
  expect(() => requireSuites(run('static', 'boot'), [image('docker')])).not.toThrow()
  expect(() => requireSuites(run('podman'), [image('podman'), image('docker')])).toThrow(
    'docker.squashfs is an image of docker, which --suite podman does not judge; static, boot does.',
  )
})

test('a stage gets the images that it is for, and the others keep their place', async () => {
  const images = [image('docker'), image('podman'), image('docker')]
  const stage = async (those: typeof images) => those.map((each) => ({ ...each, label: `${each.label} staged` }))
  const labels = async (...suites: SuiteName[]) =>
    (await forSuites(run('static', 'podman'), images, suites, stage)).map(({ label }) => label)
  expect(await labels('podman')).toEqual(['docker.squashfs', 'podman.squashfs staged', 'docker.squashfs'])
  expect(await labels('boot')).toEqual(images.map(({ label }) => label))
})
