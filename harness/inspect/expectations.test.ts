import { expect, test } from 'vitest'
import type { StaticCheck } from '../../suites/static/check.ts'
import { staticRequirements } from '../../suites/static/check-image.ts'
import { isAskedOf } from '../model/requirement.ts'
import { builtInProfiles } from '../profile/built-in-profiles.ts'
import { loadProfile } from '../profile/profile.ts'
import { expectationsOf, expectingIds } from './expectations.ts'

test('expectations are of requirements that exist, and every profile says something for each that its images are asked', async () => {
  expect(expectingIds.filter((id) => !staticRequirements.has(id))).toEqual([])
  for (const name of builtInProfiles) {
    const profile = await loadProfile(name)
    const asked = expectingIds.filter((id) =>
      isAskedOf(profile.contract.engine, staticRequirements.get(id) as StaticCheck),
    )
    for (const id of asked) expect(expectationsOf(id, profile), `${name} ${id}`).not.toEqual([])
  }
})

test('they tell the two built-in profiles apart', async () => {
  const [older, later] = [await loadProfile('vpdmn'), await loadProfile('vpdmn-2026')]
  expect(expectationsOf('NET-001', older)).toEqual(['iptables'])
  expect(expectationsOf('NET-001', later)).toEqual(['nftables'])
  expect(expectationsOf('CFG-005', later)).toContain('engine is not set')
})

test('a waiver of the profile is told where it applies', async () => {
  const profile = await loadProfile('vpdmn')
  profile.waivers.push({ id: 'FS-008', path: '/lib', reason: 'old layout', expires: '2027-01-31', owner: 'us' })
  expect(expectationsOf('FS-008', profile)).toEqual(['waived until 2027-01-31 for /lib: old layout'])
})
