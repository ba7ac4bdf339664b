import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { tinyElf } from '../../fixtures/static/tiny-elf.ts'
import { tinyImage } from '../../fixtures/static/tiny-image.ts'
import { file, program, replaceIn, type TinyTree, tinyProgram } from '../../fixtures/static/tiny-tree.ts'
import { openImageFile } from '../image/open-image-file.ts'
import { loadProfile } from '../profile/profile.ts'
import { type InspectedImage, inspectImage } from './inspect-image.ts'
import { nearestProfile } from './nearest-profile.ts'
import { featuresNotApplicable } from './not-applicable.ts'

const folder = mkdtempSync(join(tmpdir(), 'nearest-profile-'))
afterAll(() => rmSync(folder, { recursive: true }))

let imageCount = 0
async function look<T>(edit: (tree: TinyTree) => void, at: (image: InspectedImage) => T): Promise<T> {
  const path = await tinyImage(join(folder, `${imageCount++}.squashfs`), edit)
  const inspected = await inspectImage(await openImageFile(path), await loadProfile('vpdmn'))
  try {
    return at(inspected)
  } finally {
    inspected.close()
  }
}

const containers = (text: string) => (tree: TinyTree) => void tree.set('/etc/containers/containers.conf', file(text))
const without = (names: string) => (tree: TinyTree) =>
  replaceIn(tree, '/init', new RegExp(`.*podman_(?:${names})=.*\\n`, 'g'), '')
const nearest = (...edits: ((tree: TinyTree) => void)[]) =>
  look(
    (tree) => {
      for (const edit of edits) edit(tree)
    },
    (image) => nearestProfile(image, '/init'),
  )

const newer = 'ip|gw|prefixlen|dns|ca'

test('an image of the seed is known by its helper folder and an init that takes no credentials', async () => {
  expect(await nearest(without(`${newer}|auth`))).toEqual({
    name: 'vpdmn',
    reason: 'it has helper_binaries_dir in containers.conf and an init that takes no credentials',
  })
})

test('an image of wrynose is known by CNI and credentials without authorities', async () => {
  expect(await nearest(containers('[network]\nnetwork_backend = "cni"\n'), without(newer))).toEqual({
    name: 'vpdmn-wrynose',
    reason: 'it has network_backend "cni" and an init that takes credentials but no certificate authorities',
  })
})

test('an image of master is known by nft without iptables and an init that takes authorities', async () => {
  const nft = (tree: TinyTree) => {
    tree.delete('/usr/sbin/iptables')
    tree.set('/usr/sbin/nft', program(tinyProgram()))
  }
  expect(await nearest(containers('[network]\nnetwork_backend = "netavark"\n'), nft)).toEqual({
    name: 'vpdmn-2026',
    reason: 'it has nft and no iptables and an init that takes certificate authorities',
  })
})

test('an image that tells nothing is taken for the oldest', async () => {
  const unreadable = (tree: TinyTree) => void tree.set('/init', program(tinyElf({ type: 3 })))
  expect(await nearest(containers(''), unreadable)).toEqual({
    name: 'vpdmn',
    reason: 'nothing in it tells its era',
  })
})

test('a feature that neither the era nor init has is not applicable; one that init handles is', async () => {
  const absent = await look(without(newer), ({ init }) =>
    featuresNotApplicable(init, '/init', { engine: 'podman', era: 'seed' }),
  )
  expect(Object.keys(absent)).toEqual(['ca', 'addresses', 'timing'])
  expect(absent.ca).toBe(
    'The era seed has no support for certificate authorities from a share, and /init does not handle it.',
  )
})

test('a feature of the era is asked for, whatever init handles', async () => {
  expect(
    await look(without(`${newer}|auth`), ({ init }) =>
      featuresNotApplicable(init, '/init', { engine: 'podman', era: 'master' }),
    ),
  ).toEqual({})
})

test('of an init that is a program the era alone decides, and it is said so', async () => {
  const edit = (tree: TinyTree) => void tree.set('/init', program(tinyElf({ type: 3 })))
  const absent = await look(edit, ({ init }) =>
    featuresNotApplicable(init, '/init', { engine: 'podman', era: 'wrynose' }),
  )
  expect(Object.keys(absent)).toEqual(['ca', 'addresses', 'timing'])
  expect(absent.ca).toMatch(/, and \/init cannot be read, so the era alone decides\.$/)
})
