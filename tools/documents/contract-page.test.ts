import { expect, test } from 'vitest'
import { bootRequirements } from '../../suites/boot/requirements.ts'
import { contractPage } from './contract-page.ts'

test('every section that a requirement names is there', () => {
  const sections = [...contractPage().matchAll(/^## (.*)$/gm)].map(([, title]) => title)
  const named = bootRequirements.flatMap(({ id, source }) =>
    [...source.matchAll(/contract, "([^"]+)"/g)].map(([, section]) => ({ id, section })),
  )
  expect(named.length).toBeGreaterThan(bootRequirements.length / 2)
  expect(named.filter(({ section }) => !sections.includes(section))).toEqual([])
})
