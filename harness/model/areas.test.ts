import { expect, test } from 'vitest'
import { allRequirements } from '../../suites/all-requirements.ts'
import { areaOf, areaTitle, areaTitles } from './areas.ts'

test('every area of the suites has a title, and no other has', () => {
  const areas = new Set([...allRequirements.keys()].map(areaOf))
  expect(Object.keys(areaTitles).toSorted()).toEqual([...areas].toSorted())
})

test('an area that this harness does not know is called what it is', () => {
  expect([areaTitle('ZZZ'), areaTitle('constructor')]).toEqual(['ZZZ', 'constructor'])
})
