import { beforeAll, describe, expect, test } from 'vitest'
import { architectureNames } from '../../harness/architecture.ts'
import { ensureReferenceImage } from '../../harness/build/reference-image.ts'
import { judgeImage, objections } from './judge-image.ts'

/** Requirements that have nothing to look at in a recipe's image, and why. */
const skippedOf = {
  // There are no certificates, hooks and credentials. The policy names no keys, registries.conf no registry and no helper, containers.conf nothing outside itself.
  vpdmn: ['CFG-006', 'CFG-007', 'POL-004', 'REG-005', 'REG-007', 'CON-008'],
  // Without iptables there are no plugins of it.
  'vpdmn-2026': ['ELF-006', 'CFG-006', 'CFG-007', 'POL-004', 'REG-005', 'REG-007', 'CON-008'],
}

/** What tells the recipe's image when it is judged by the other revision's profile. */
const mistakenFor = {
  vpdmn: { profile: 'vpdmn-2026', fails: ['CFG-005'] },
  'vpdmn-2026': { profile: 'vpdmn', fails: ['BIN-001', 'BIN-002', 'CFG-005'] },
} as const

describe.each(architectureNames)('on %s', (arch) => {
  describe.each(['vpdmn', 'vpdmn-2026'] as const)('the image of the recipe %s', (recipe) => {
    let path: string
    beforeAll(async () => {
      path = await ensureReferenceImage(arch, { recipe })
    })

    test('has nothing that its own profile objects to, not even a warning', async () => {
      const results = await judgeImage(path, recipe)
      expect(objections(results)).toEqual([])
      expect(results.flatMap(({ id, status }) => (status === 'skip' ? [id] : []))).toEqual(skippedOf[recipe])
    })

    test('is told from the other revision by its profile', async () => {
      const { profile, fails } = mistakenFor[recipe]
      const results = await judgeImage(path, profile)
      expect(results.flatMap(({ id, status }) => (status === 'fail' ? [id] : []))).toEqual(fails)
    })
  })
})
