import { expect, test } from 'vitest'
import { openedFiles as seen } from '../../fixtures/static/opened-files.ts'
import { catalogue } from '../../suites/static/catalogue.ts'
import { openedFiles } from './opened-files.ts'

test.each(Object.keys(seen))('%s, which podman opens, is judged, or passed over for a reason', (path) => {
  const rows = openedFiles.filter(({ paths }) => paths.test(path))
  expect(rows).toHaveLength(1)
  expect([rows[0]?.judgedBy?.length ?? 0, rows[0]?.reason?.length ?? 0].filter((length) => length > 0)).toHaveLength(1)
})

test('whoever is said to judge a file is in the catalogue', () => {
  const known = new Set(catalogue.flat().map(({ id }) => id))
  expect(openedFiles.flatMap(({ judgedBy = [] }) => judgedBy).filter((id) => !known.has(id))).toEqual([])
})

test('podman of three eras was looked at', () => {
  const versions = ['4.3.1', '5.4.2', '5.8.6']
  expect(seen['/etc/containers/policy.json']).toEqual(versions)
  expect(new Set(Object.values(seen).flat())).toEqual(new Set(versions))
})
