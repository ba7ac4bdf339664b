import { describe, expect, test } from 'vitest'
import { suitePage } from '../../../tools/documents/suite-page.ts'
import type { Requirement } from '../../model/requirement.ts'
import { loadProfile } from '../../profile/profile.ts'
import { explanation, requirementList } from './requirement-texts.ts'

const requirement = (fields: Partial<Requirement>): Requirement => ({
  id: 'BOOT-001',
  suite: 'boot',
  title: 'It boots',
  severity: 'blocker',
  why: 'Because.',
  source: 'the contract',
  remedy: 'Mend it.',
  ...fields,
})
const base = requirement({})
const ofFeature = requirement({ id: 'AUT-001', title: 'It logs in', severity: 'warning', feature: 'auth' })
const ofFiles = requirement({ id: 'ZZZ-001', suite: 'static', title: 'It is small' })

const breaks = 'a runner or a build of the layer breaks'
const annoys = 'people are hurt, no runner relies on it'
const erasOfAuth = 'wrynose, master; others where the init handles registry credentials from a share'

describe('a requirement of a guest suite is told with who is hurt, its eras and its source', () => {
  test('in the list', async () => {
    expect(requirementList([base, ofFeature, ofFiles], await loadProfile('vpdmn'))).toBe(`\
BOOT-001  boot        blocker  It boots
                               eras: all · source: the contract
AUT-001   boot        warning  It logs in
                               eras: ${erasOfAuth} · source: the contract
ZZZ-001   static      blocker  It is small

Where an image does not meet it, in suites that boot guests:
  blocker, error  ${breaks}
  warning         ${annoys}
  info            it is told
`)
  })

  test('in its explanation', () => {
    expect(explanation(ofFeature)).toBe(`\
AUT-001  It logs in
Suite     boot
Severity  warning: ${annoys}
Eras      ${erasOfAuth}
Why       Because.
Source    the contract
Remedy    Mend it.
`)
  })

  test('on the page of its suite', () => {
    expect(suitePage('boot', [base, ofFeature])).toContain(
      `\n- Without it: ${breaks}\n- Eras: all\n- Source: the contract\n- Remedy: Mend it.\n`,
    )
    expect(suitePage('boot', [base, ofFeature])).toContain(`\n- Without it: ${annoys}\n- Eras: ${erasOfAuth}\n`)
  })
})

test('a requirement of the static suite obliges by the profile: neither eras nor runners are named', async () => {
  expect(requirementList([ofFiles], await loadProfile('vpdmn'))).toBe('ZZZ-001   static      blocker  It is small\n')
  expect(explanation(ofFiles)).toContain('Severity  blocker\nWhy       Because.\n')
  expect(suitePage('static', [ofFiles])).not.toContain('Eras')
})
