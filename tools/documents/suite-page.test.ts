import { describe, expect, test } from 'vitest'
import { callableSuites } from '../../harness/cli/verify-call.ts'
import { preparations } from '../../harness/guest/prepare/preparations.ts'
import { allRequirements } from '../../suites/all-requirements.ts'
import { suitePage } from './suite-page.ts'

const requirements = [...allRequirements.values()]

describe.each(callableSuites)('docs/suites/%s.md', (suite) => {
  const own = requirements.filter((requirement) => requirement.suite === suite)

  test('has every requirement once, with a heading of its own', () => {
    const headings = [...suitePage(suite, own).matchAll(/^### ([A-Z]+-\d+): /gm)].map(([, id]) => id)
    expect(headings.toSorted()).toEqual(own.map(({ id }) => id).toSorted())
  })
})

test('each preparation of a guest is left out by requirements that exist', () => {
  const ids = preparations.flatMap(({ without }) => without)
  expect(ids.filter((id) => !allRequirements.has(id))).toEqual([])
  expect(preparations.filter(({ without }) => without.length === 0)).toEqual([])
})

test('a text of a requirement is no markup', () => {
  const [requirement] = requirements.map((each) => ({ ...each, title: 'a `b` <c> *d*\n# e' }))
  expect(suitePage('static', requirement ? [requirement] : [])).toContain(': a \\`b\\` \\<c\\> \\*d\\* # e\n')
})
