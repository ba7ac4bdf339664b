import { expect, test } from 'vitest'
import { joinRequirements, type Requirement } from '../requirement/requirement.ts'
import { findRequirement, requirementListJson, requirementListText } from './requirement-texts.ts'

const requirement = (id: string, suite: Requirement['suite']): Requirement => ({
  id,
  suite,
  title: `Title of ${id}`,
  severity: 'error',
  why: 'w',
  source: 's',
  remedy: 'r',
})
const requirements = joinRequirements([requirement('BIN-001', 'static'), requirement('BOOT-001', 'boot')])

test('the list for programs holds exactly the published fields', () => {
  expect(JSON.parse(requirementListJson(requirements.values()))).toEqual([
    { id: 'BIN-001', suite: 'static', title: 'Title of BIN-001', severity: 'error' },
    { id: 'BOOT-001', suite: 'boot', title: 'Title of BOOT-001', severity: 'error' },
  ])
})

test('the list for people stands in columns', () => {
  expect(requirementListText(requirements.values())).toBe(
    'BIN-001   static  error  Title of BIN-001\nBOOT-001  boot    error  Title of BOOT-001\n',
  )
})

test('a requirement is found by its ID in either case; a wrong ID gets the nearest right one', () => {
  expect(findRequirement('boot-001', requirements).id).toBe('BOOT-001')
  expect(() => findRequirement('BIN-01', requirements)).toThrow(
    'There is no requirement "BIN-01"; did you mean BIN-001?',
  )
  expect(() => findRequirement('nothing', requirements)).toThrow('There is no requirement "nothing"; --list shows all.')
})
