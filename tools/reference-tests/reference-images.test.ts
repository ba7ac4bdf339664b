import { beforeAll, describe, expect, test } from 'vitest'
import { architectureNames } from '../../harness/model/architecture.ts'
import type { RequirementResult } from '../../harness/model/result.ts'
import { type RecipeName, recipes } from '../../harness/recipes/reference-image/recipe.ts'
import { ensureReferenceImage } from '../../harness/recipes/reference-image/reference-image.ts'
import { judgeImage, objections } from './judge-image.ts'

/** What looks at the kernel and the build's files beside an image: a recipe's has none. */
const ofFilesBeside = [
  ...['DEP-001', 'DEP-002', 'KRN-001', 'KRN-002', 'KRN-003', 'KRN-004', 'KRN-005', 'KRN-006'],
  ...['KRN-007', 'KRN-008', 'KRN-009'],
]

/** Requirements that have nothing to look at in a recipe's image, and why. */
const skippedOf: Record<RecipeName, string[]> = {
  // There are no certificates, hooks and credentials. The policy names no keys, registries.conf no registry and no helper,
  // containers.conf nothing outside itself; netavark needs no plugins.
  vpdmn: ['CFG-006', 'CFG-007', 'CON-008', 'NET-004', 'POL-004', 'REG-005', 'REG-007', 'SEC-004'],
  // CNI needs no netavark.
  'vpdmn-wrynose': [
    ...['CFG-006', 'CFG-007', 'CON-002', 'CON-008', 'NET-002', 'NET-003', 'POL-004', 'REG-005', 'REG-007', 'SEC-004'],
  ],
  // Without iptables there are no plugins of it.
  'vpdmn-2026': [
    'CFG-006',
    'CFG-007',
    'CON-008',
    'ELF-006',
    'NET-004',
    'NET-005',
    'POL-004',
    'REG-005',
    'REG-007',
    'SEC-004',
  ],
  // The policy names no keys, and there is neither a daemon.json nor a registry.conf nor a plugin.
  vdkr: ['DKR-001', 'DKR-002', 'DKR-004', 'DKR-006', 'POL-004', 'SEC-004'],
}

/** What tells the recipe's image when it is judged by another era's profile. */
const mistakenFor: Record<RecipeName, { profile: RecipeName; fails: string[] }[]> = {
  vpdmn: [
    { profile: 'vpdmn-wrynose', fails: ['BIN-002', 'CFG-005', 'CON-001', 'INI-006'] },
    { profile: 'vpdmn-2026', fails: ['CFG-005', 'INI-006'] },
  ],
  'vpdmn-wrynose': [
    { profile: 'vpdmn', fails: ['BIN-001', 'BIN-002', 'CFG-005', 'CON-001'] },
    { profile: 'vpdmn-2026', fails: ['BIN-001', 'BIN-002', 'CON-001', 'INI-006'] },
  ],
  'vpdmn-2026': [
    { profile: 'vpdmn', fails: ['BIN-001', 'BIN-002', 'CFG-005'] },
    { profile: 'vpdmn-wrynose', fails: ['BIN-001', 'BIN-002', 'CON-001'] },
  ],
  // What tells the engine apart tells it of an image: no profile of podman's is taken for one of docker.
  vdkr: [],
}

describe.each(architectureNames)('on %s', (arch) => {
  describe.each(Object.keys(recipes) as RecipeName[])('the image of the recipe %s', (recipe) => {
    let path: string
    beforeAll(async () => {
      path = await ensureReferenceImage(arch, { recipe })
    })

    test('has nothing that its own profile objects to, not even a warning', async () => {
      const results = await judgeImage(path, recipe)
      expect(objections(results)).toEqual([])
      const asked = results.map(({ id }) => id)
      const beside = ofFilesBeside.filter((id) => asked.includes(id))
      expect(idsOf(results, 'skip')).toEqual([...skippedOf[recipe], ...beside].sort())
    })

    test.each(mistakenFor[recipe])(
      'is told by the profile $profile, which is not its own',
      async ({ profile, fails }) => {
        expect(idsOf(await judgeImage(path, profile), 'fail')).toEqual(fails)
      },
    )
  })
})

const idsOf = (results: readonly RequirementResult[], wanted: RequirementResult['status']): string[] =>
  results.flatMap(({ id, status }) => (status === wanted ? [id] : [])).sort()
