import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectFolder } from '../../harness/platform/call-folder.ts'
import { bootRequirements } from '../../suites/boot/requirements.ts'
import { contractPage } from './contract-page.ts'

test('docs/contract.md is what the contract says (to renew it: npx vitest run this-file -u)', async () => {
  await expect(contractPage()).toMatchFileSnapshot(join(projectFolder, 'docs', 'contract.md'))
})

test('every section that a requirement names is there', () => {
  const sections = [...contractPage().matchAll(/^## (.*)$/gm)].map(([, title]) => title)
  const named = bootRequirements.flatMap(({ id, source }) =>
    [...source.matchAll(/contract, "([^"]+)"/g)].map(([, section]) => ({ id, section })),
  )
  expect(named.length).toBeGreaterThan(bootRequirements.length / 2)
  expect(named.filter(({ section }) => !sections.includes(section))).toEqual([])
})
